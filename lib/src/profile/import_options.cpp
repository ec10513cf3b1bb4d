#include <waybill/profile_store.hpp>

#include <algorithm>
#include <thread>

#include "profile/profile_import.hpp"
#include <waybill/new_export_job.hpp>

namespace waybill {
namespace {

constexpr std::string_view primary_mark = ":primary";

bool is_path(std::string_view path) {
    return !path.empty() && path.front() != '.' && path.back() != '.' &&
           path.find("..") == std::string_view::npos;
}

} // namespace

result<identity_path> parse_identity_path(std::string_view text) {
    const auto equals = text.rfind('=');
    identity_path parsed;
    if (equals != std::string_view::npos) {
        auto ns = text.substr(equals + 1);
        parsed.primary = ns.ends_with(primary_mark);
        if (parsed.primary) ns.remove_suffix(primary_mark.size());
        parsed.path = text.substr(0, equals);
        parsed.ns = ns;
    }
    if (!is_path(parsed.path) || parsed.ns.empty())
        return failure{errc::invalid,
                       "\"" + std::string(text) +
                           "\" is no identity path: expected PATH=NAMESPACE or "
                           "PATH=NAMESPACE:primary, with dots between the members of PATH",
                       {}};
    return parsed;
}

unsigned usual_import_threads() {
    constexpr unsigned most = 3;
    return std::min(std::max(std::thread::hardware_concurrency(), 1U) - 1U, most);
}

namespace profile {

std::optional<failure> check_options(const import_options& options) {
    failure found{errc::invalid, "the import cannot begin like this", {}};
    const auto complain = [&](const char* message, std::string path) {
        found.findings.push_back({"invalid_value", message, std::move(path)});
    };
    if (!options.owner.valid())
        complain("expected an organisation and a sandbox of 1 to 80 bytes each", "/owner");
    if (!is_dataset_id(options.dataset_id))
        complain("expected 1 to 64 letters, digits, underscores and hyphens", "/datasetId");
    for (std::size_t i = 0; i < options.identities.size(); ++i) {
        const auto& one = options.identities[i];
        const auto path = "/identities/" + std::to_string(i);
        if (!is_path(one.path))
            complain("expected the members of a path with a dot between each", path + "/path");
        if (one.ns.empty()) complain("expected the name of a namespace", path + "/namespace");
    }
    if (found.findings.empty()) return std::nullopt;
    found.message += ": " + found.findings.front().message + " (" + found.findings.front().path + ")";
    return found;
}

} // namespace profile
} // namespace waybill
