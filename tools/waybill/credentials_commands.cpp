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

} // namespace

void add_credentials_commands(CLI::App& app, command& chosen) {
    auto& credentials = *app.add_subcommand("credentials", "Who may ask a host");
    credentials.require_subcommand(1);
    const auto asked = std::make_shared<credentials_arguments>();
    auto& sub = *credentials.add_subcommand(
        "add", "Adds a credential to the file that waybilld reads; prints its token and key, once.\n\n"
               "Example: waybill credentials add --credentials credentials.json --name reporting --org acme "
               "--sandbox prod --role write");
    sub.add_option("--credentials", asked->file, "file of credentials; created when it is not there")
        ->required();
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

} // namespace waybill::tool
