#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include <waybill/profile_store.hpp>

#include "arguments.hpp"
#include "command_failure.hpp"
#include "commands.hpp"
#include "table.hpp"

namespace waybill::tool {

namespace {

using json = nlohmann::ordered_json;

struct policies_arguments {
    std::filesystem::path profiles;
    tenant owner;
    std::string id;
    std::string graph = "none";
    std::vector<std::string> datasets;
    bool json = false;
};

std::string text_of(const std::vector<std::string>& datasets) {
    std::string text;
    for (const auto& dataset : datasets)
        (text += text.empty() ? "" : ", ") += dataset;
    return text;
}

json json_of(const merge_policy& policy) {
    json shown{{"id", policy.id},
               {"version", policy.version},
               {"identityGraph", to_text(policy.graph)},
               {"attributeMerge", to_text(policy.merge)}};
    if (!policy.datasets.empty()) shown["datasets"] = policy.datasets;
    return shown;
}

int add(const policies_arguments& asked) {
    merge_policy wanted;
    wanted.id = asked.id;
    wanted.graph = *parse_identity_graph(asked.graph);
    if (!asked.datasets.empty()) wanted.merge = attribute_merge::dataset_precedence;
    wanted.datasets = asked.datasets;
    auto store = expect(profile_store::open(asked.profiles));
    const auto made = expect(store.declare_policy(asked.owner, wanted));
    if (asked.json)
        std::puts(json_of(made).dump().c_str());
    else
        print_properties({{"policy", made.id},
                          {"version", std::to_string(made.version)},
                          {"identity graph", std::string(to_text(made.graph))},
                          {"attribute merge", std::string(to_text(made.merge))},
                          {"datasets", text_of(made.datasets)}});
    return exit_done;
}

int list(const policies_arguments& asked) {
    if (!std::filesystem::exists(asked.profiles))
        throw command_failure(exit_not_found, "there is no profile store " + asked.profiles.string());
    const auto all = expect(known_policies(asked.profiles, asked.owner));
    if (asked.json) {
        auto shown = json::array();
        for (const auto& policy : all)
            shown.push_back(json_of(policy));
        std::puts(shown.dump().c_str());
        return exit_done;
    }
    table rows({{"policy", table::align::left},
                {"version", table::align::right},
                {"identity graph", table::align::left},
                {"attribute merge", table::align::left},
                {"datasets", table::align::left}});
    for (const auto& policy : all)
        rows.add({policy.id, std::to_string(policy.version), std::string(to_text(policy.graph)),
                  std::string(to_text(policy.merge)), text_of(policy.datasets)});
    rows.print();
    return exit_done;
}

} // namespace

void add_policies_commands(CLI::App& app, command& chosen) {
    auto& policies = *app.add_subcommand("policies", "The merge policies that exports may name");
    policies.require_subcommand(1);
    const auto asked = std::make_shared<policies_arguments>();
    const auto where = [asked](CLI::App& sub) {
        sub.add_option("--profiles", asked->profiles, "profile store")->required();
        add_tenant_options(sub, asked->owner);
        add_json_flag(sub, asked->json);
    };

    auto& adding = *policies.add_subcommand(
        "add", "Declares a merge policy, or the next version of one. A version is never changed.\n\n"
               "Example: waybill policies add crm-first --profiles profiles.db --org acme --sandbox prod "
               "--graph pdg --dataset crm --dataset loyalty");
    adding.add_option("ID", asked->id, "what the policy is called")->required();
    where(adding);
    adding.add_option("--graph", asked->graph, "pdg: linked identities are one profile; none: each is one")
        ->check(CLI::IsMember({"none", "pdg"}));
    adding
        .add_option(
            "--dataset", asked->datasets,
            "its attributes win over those of datasets named after it; one that is not named gives none. "
            "Without any, the last ingested value wins")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
        ->check(check_dataset_id);
    adding.callback([asked, &chosen] { chosen = [asked] { return add(*asked); }; });

    auto& listing = *policies.add_subcommand(
        "list", "Lists the merge policies of a tenant, those that are built in included.\n\n"
                "Example: waybill policies list --profiles profiles.db --org acme --sandbox prod");
    where(listing);
    listing.callback([asked, &chosen] { chosen = [asked] { return list(*asked); }; });
}

} // namespace waybill::tool
