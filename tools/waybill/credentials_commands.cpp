#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "arguments.hpp"
#include "command_failure.hpp"
#include "commands.hpp"
#include "credentials_file.hpp"
#include "table.hpp"

namespace waybill::tool {

namespace {

using json = nlohmann::ordered_json;

struct credentials_arguments {
    std::filesystem::path file;
    new_credential added;
    std::string role;
    bool json = false;
};

/// Each role includes the ones before it, and the file says so in full.
std::vector<std::string> roles_up_to(std::string_view role) {
    std::vector<std::string> roles;
    for (const auto* const next : {"read", "write", "admin"}) {
        roles.emplace_back(next);
        if (role == next) break;
    }
    return roles;
}

int add(credentials_arguments& asked) {
    auto& added = asked.added;
    added.roles = roles_up_to(asked.role);
    added.token = random_secret("wbt_");
    added.api_key = random_secret("wbk_");
    add_credential(asked.file, added);
    if (asked.json) {
        json shown{{"name", added.name}, {"token", added.token},         {"apiKey", added.api_key},
                   {"orgs", added.orgs}, {"sandboxes", added.sandboxes}, {"roles", added.roles}};
        if (!added.expires.empty()) shown["expires"] = added.expires;
        std::puts(shown.dump().c_str());
        return exit_done;
    }
    print_properties({{"name", added.name}, {"token", added.token}, {"api key", added.api_key}});
    std::fputs("Keep both now: the file holds their digests only, and they are not shown again.\n", stderr);
    return exit_done;
}

std::string joined(const std::vector<std::string>& texts) {
    std::string line;
    for (const auto& text : texts)
        line += (line.empty() ? "" : ", ") + text;
    return line;
}

/// A host takes no token from the moment on. A time that it could not read ends nothing: it refuses the file.
bool has_expired(const known_credential& one) {
    const auto end = parse_rfc3339(one.expires);
    return end && *end <= wall_clock();
}

void print_json(const std::vector<known_credential>& known) {
    auto all = json::array();
    for (const auto& one : known) {
        json shown{{"name", one.name},
                   {"orgs", one.orgs},
                   {"sandboxes", one.sandboxes},
                   {"roles", one.roles},
                   {"expires", nullptr},
                   {"expired", has_expired(one)},
                   {"tokenDigest", one.token_digest}};
        if (!one.expires.empty()) shown["expires"] = one.expires;
        all.push_back(std::move(shown));
    }
    std::puts(json{{"credentials", std::move(all)}}.dump().c_str());
}

void print_table(const std::vector<known_credential>& known) {
    table rows({{"NAME"}, {"ORGS"}, {"SANDBOXES"}, {"ROLES"}, {"EXPIRES"}, {"TOKEN"}});
    for (const auto& one : known) {
        const auto expires = one.expires.empty() ? "never" : one.expires;
        rows.add({one.name, joined(one.orgs), joined(one.sandboxes), joined(one.roles),
                  has_expired(one) ? expires + " (over)" : expires, one.token_digest + "…"});
    }
    rows.print();
}

int list(const credentials_arguments& asked) {
    const auto known = list_credentials(asked.file);
    asked.json ? print_json(known) : print_table(known);
    return exit_done;
}

int revoke(const credentials_arguments& asked) {
    const auto& name = asked.added.name;
    const auto left = revoke_credential(asked.file, name);
    if (asked.json)
        std::puts(json{{"revoked", name}, {"left", left}}.dump().c_str());
    else
        std::printf("revoked %s; %zu left\n", printable(name).c_str(), left);
    std::fputs("A running host takes it until it reads the file again: send it SIGHUP.\n", stderr);
    return exit_done;
}

CLI::Option* add_file_option(CLI::App& to, credentials_arguments& asked, const char* about) {
    return to.add_option("--credentials", asked.file, about)->required();
}

void add_list(CLI::App& credentials, command& chosen) {
    const auto asked = std::make_shared<credentials_arguments>();
    auto& sub = *credentials.add_subcommand(
        "list",
        "Lists who may ask a host: names, tenants, roles, and how the digest of each token begins.\n\n"
        "Example: waybill credentials list --credentials credentials.json");
    add_file_option(sub, *asked, "file of credentials");
    add_json_flag(sub, asked->json);
    sub.callback([asked, &chosen] { chosen = [asked] { return list(*asked); }; });
}

void add_revoke(CLI::App& credentials, command& chosen) {
    const auto asked = std::make_shared<credentials_arguments>();
    auto& sub = *credentials.add_subcommand(
        "revoke", "Takes a credential out of the file. A running host has to be sent SIGHUP then.\n\n"
                  "Example: waybill credentials revoke --credentials credentials.json --name reporting");
    add_file_option(sub, *asked, "file of credentials");
    sub.add_option("--name", asked->added.name, "what the credential is called")->required();
    add_json_flag(sub, asked->json);
    sub.callback([asked, &chosen] { chosen = [asked] { return revoke(*asked); }; });
}

void add_add(CLI::App& credentials, command& chosen) {
    const auto asked = std::make_shared<credentials_arguments>();
    auto& sub = *credentials.add_subcommand(
        "add", "Adds a credential to the file that waybilld reads; prints its token and key, once.\n\n"
               "Example: waybill credentials add --credentials credentials.json --name reporting --org acme "
               "--sandbox prod --role write");
    add_file_option(sub, *asked, "file of credentials; created when it is not there");
    sub.add_option("--name", asked->added.name, "what the credential is called")
        ->required()
        ->check([](const auto& name) {
            return name.empty() || name.size() > 80 ? std::string("expected 1 to 80 bytes") : std::string();
        });
    const auto tenant_part = [](const std::string& text) {
        return text.empty() || text.size() > tenant::longest ? std::string("expected 1 to 80 bytes")
                                                             : std::string();
    };
    sub.add_option("--org", asked->added.orgs, "organisation that it may act for; may be given again")
        ->required()
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
        ->check(tenant_part);
    sub.add_option("--sandbox", asked->added.sandboxes, "sandbox that it may act in; may be given again")
        ->required()
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
        ->check(tenant_part);
    sub.add_option("--role", asked->role, "what it may do; each role includes the ones before it")
        ->required()
        ->check(CLI::IsMember({"read", "write", "admin"}));
    sub.add_option("--expires", asked->added.expires, "when it ends; never, unless given")
        ->check(check_moment);
    add_json_flag(sub, asked->json);
    sub.callback([asked, &chosen] { chosen = [asked] { return add(*asked); }; });
}

} // namespace

void add_credentials_commands(CLI::App& app, command& chosen) {
    auto& credentials = *app.add_subcommand("credentials", "Who may ask a host");
    credentials.require_subcommand(1);
    add_add(credentials, chosen);
    add_list(credentials, chosen);
    add_revoke(credentials, chosen);
}

} // namespace waybill::tool
