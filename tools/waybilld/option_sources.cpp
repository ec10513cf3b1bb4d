#include "option_sources.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <set>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "settings_file.hpp"

namespace waybill::http {

namespace {

/// What may only be said on the command line.
const std::set<std::string> said_by_hand{"help", "version"};

bool is_known(const CLI::App& app, const std::string& option) {
    return !said_by_hand.contains(option) && app.get_option_no_throw("--" + option) != nullptr;
}

bool is_list(const CLI::App& app, const std::string& option) {
    return app.get_option_no_throw("--" + option)->get_items_expected_max() > 1;
}

class gathering {
  public:
    gathering(const CLI::App& app, std::vector<std::string> given) : app_(app) {
        gathered_.all = std::move(given);
        for (const auto& argument : gathered_.all)
            if (argument.starts_with("--")) settled_.insert(argument.substr(2, argument.find('=') - 2));
    }

    void add_environment(const environment& variables) {
        for (const auto* const option : app_.get_options()) {
            const auto name = option->get_single_name();
            if (!is_known(app_, name) || settled_.contains(name)) continue;
            const auto value = variables(variable_of(name));
            if (!value || value->empty()) continue;
            add(name, is_list(app_, name) ? CLI::detail::split(*value, ',') : std::vector{*value});
            gathered_.sources.push_back(variable_of(name));
        }
    }

    /// The file that `--config` names, the last one when several do.
    std::optional<std::string> config() const {
        const auto& all = gathered_.all;
        std::optional<std::string> named;
        for (auto at = all.begin(); at != all.end(); ++at) {
            if (at->starts_with("--config=")) named = at->substr(9);
            if (*at == "--config" && std::next(at) != all.end()) named = *std::next(at);
        }
        return named;
    }

    std::optional<failure> add_file(const std::string& file) {
        std::ifstream input(file, std::ios::binary);
        const std::string text{std::istreambuf_iterator<char>(input), {}};
        if (!input.good() && !input.eof()) return failure{errc::invalid, "cannot read " + file, {}};
        const auto settings = parse_settings(text);
        if (!settings) return failure{errc::invalid, file + ": " + settings.error().message, {}};
        for (const auto& one : *settings) {
            if (one.key == "config" || !is_known(app_, one.key))
                return failure{errc::invalid,
                               file + ": line " + std::to_string(one.line) + ": there is no setting '" +
                                   one.key + "'",
                               {}};
            if (!settled_.contains(one.key)) add(one.key, one.values);
        }
        gathered_.sources.push_back(file);
        return std::nullopt;
    }

    gathered_arguments take() { return std::move(gathered_); }

  private:
    void add(const std::string& option, const std::vector<std::string>& values) {
        for (const auto& value : values)
            gathered_.all.push_back("--" + option + "=" + value);
        settled_.insert(option);
    }

    const CLI::App& app_;
    gathered_arguments gathered_;
    std::set<std::string> settled_; ///< options that have their value
};

} // namespace

environment process_environment() {
    return [](const std::string& name) -> std::optional<std::string> {
        const auto* const value = std::getenv(name.c_str()); // NOLINT(concurrency-mt-unsafe): no threads yet
        if (value == nullptr) return std::nullopt;
        return value;
    };
}

std::string variable_of(std::string_view option) {
    std::string name = "WAYBILLD_";
    for (const char c : option)
        name += c == '-' ? '_' : c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    return name;
}

result<gathered_arguments> gather_arguments(const CLI::App& app, std::vector<std::string> given,
                                            const environment& variables) {
    const auto asks_for_help = [](const std::string& argument) {
        return argument == "-h" || argument == "--help" || argument == "--version";
    };
    if (std::any_of(given.begin(), given.end(), asks_for_help))
        return gathered_arguments{std::move(given), {}};
    gathering all(app, std::move(given));
    all.add_environment(variables);
    if (const auto file = all.config())
        if (auto wrong = all.add_file(*file)) return std::move(*wrong);
    return all.take();
}

} // namespace waybill::http
