#include "arguments.hpp"

#include <waybill/new_export_job.hpp>

namespace waybill::tool {

namespace {
std::string check_tenant_part(const std::string& text) {
    if (!text.empty() && text.size() <= tenant::longest) return {};
    return "expected 1 to " + std::to_string(tenant::longest) + " bytes";
}

CLI::Option* add_organisation(CLI::App& to, tenant& owner) {
    return to.add_option("--org", owner.org, "organisation of the tenant")->check(check_tenant_part);
}

CLI::Option* add_sandbox(CLI::App& to, tenant& owner) {
    return to.add_option("--sandbox", owner.sandbox, "sandbox of the tenant")
        ->capture_default_str()
        ->check(check_tenant_part);
}
} // namespace

void add_tenant_options(CLI::App& to, tenant& owner) {
    add_organisation(to, owner)->required();
    add_sandbox(to, owner);
}

void add_optional_tenant_options(CLI::App& to, tenant& owner) {
    auto* const org = add_organisation(to, owner);
    add_sandbox(to, owner)->needs(org);
}

CLI::Option* add_host_options(CLI::App& to, CLI::App& where, named_host& host, const std::string& about) {
    auto* const url = where.add_option("--url", host.url, about)->type_name("http[s]://HOST:PORT");
    to.add_option("--ca-file", host.ca_file,
                  "certificates in PEM that a host at https:// is trusted by; the system's, unless given")
        ->needs(url);
    return url;
}

void add_json_flag(CLI::App& to, bool& json) { to.add_flag("--json", json, "print JSON instead of a table"); }

std::string check_dataset_id(const std::string& text) {
    return is_dataset_id(text) ? std::string()
                               : "expected 1 to 64 letters, digits, _ or -, got '" + text + "'";
}

std::string check_moment(const std::string& text) {
    if (parse_rfc3339(text)) return {};
    return "expected a time as RFC 3339 has it, such as 2024-01-31T12:00:00Z, got '" + text + "'";
}

} // namespace waybill::tool
