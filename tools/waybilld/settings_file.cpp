#include "settings_file.hpp"

#include <algorithm>
#include <optional>

namespace waybill::http {

namespace {

bool is_of_key(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

/// Reads one line from its begin to its end. What it cannot read is `std::nullopt`.
class line_reader {
  public:
    explicit line_reader(std::string_view line) : rest_(line) { skip_blanks(); }

    /// Nothing follows but a comment.
    bool at_end() const { return rest_.empty() || rest_.front() == '#'; }

    bool take(char c) {
        if (rest_.empty() || rest_.front() != c) return false;
        rest_.remove_prefix(1);
        skip_blanks();
        return true;
    }

    std::string take_key() { return take_while(is_of_key); }

    std::optional<std::vector<std::string>> take_value() {
        std::vector<std::string> values;
        if (!take('[')) {
            auto one = take_one();
            if (!one) return std::nullopt;
            values.push_back(std::move(*one));
            return values;
        }
        while (!take(']')) {
            auto one = take_one();
            if (!one) return std::nullopt;
            values.push_back(std::move(*one));
            if (!take(',') && !rest_.starts_with(']')) return std::nullopt;
        }
        return values;
    }

  private:
    void skip_blanks() { rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\r"), rest_.size())); }

    template <class Wanted>
    std::string take_while(Wanted wanted) {
        const auto end = std::find_if_not(rest_.begin(), rest_.end(), wanted);
        std::string taken(rest_.begin(), end);
        rest_.remove_prefix(taken.size());
        skip_blanks();
        return taken;
    }

    std::optional<std::string> take_one() {
        if (rest_.starts_with('"')) return take_quoted('"');
        if (rest_.starts_with('\'')) return take_quoted('\'');
        auto word = take_while(is_of_key); // a number, true or false
        const bool number = !word.empty() && std::all_of(word.begin(), word.end(), [](char c) {
            return (c >= '0' && c <= '9') || c == '-' || c == '_';
        });
        if (number) std::erase(word, '_');
        if (!number && word != "true" && word != "false") return std::nullopt;
        return word;
    }

    /// In double quotes a backslash stands before a quote or another backslash.
    std::optional<std::string> take_quoted(char quote) {
        std::string text;
        for (std::size_t at = 1; at < rest_.size(); ++at) {
            const bool escape = quote == '"' && rest_[at] == '\\';
            if (escape && (++at == rest_.size() || (rest_[at] != '"' && rest_[at] != '\\')))
                return std::nullopt;
            if (!escape && rest_[at] == quote) {
                rest_.remove_prefix(at + 1);
                skip_blanks();
                return text;
            }
            text += rest_[at];
        }
        return std::nullopt;
    }

    std::string_view rest_;
};

failure wrong(std::size_t line, std::string_view what) {
    return {errc::invalid, "line " + std::to_string(line) + ": " + std::string(what), {}};
}

} // namespace

result<std::vector<setting>> parse_settings(std::string_view text) {
    std::vector<setting> settings;
    for (std::size_t line = 1; !text.empty(); ++line) {
        const auto end = std::min(text.find('\n'), text.size());
        line_reader reader(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
        if (reader.at_end()) continue;
        setting read{reader.take_key(), {}, line};
        if (read.key.empty() || !reader.take('=')) return wrong(line, "expected key = value");
        auto values = reader.take_value();
        if (!values || !reader.at_end())
            return wrong(line,
                         "expected a text in quotes, a number, true, false, or an array of these for '" +
                             read.key + "'");
        read.values = std::move(*values);
        const auto same = [&read](const setting& other) { return other.key == read.key; };
        if (std::any_of(settings.begin(), settings.end(), same))
            return wrong(line, "'" + read.key + "' is there twice");
        settings.push_back(std::move(read));
    }
    return settings;
}

} // namespace waybill::http
