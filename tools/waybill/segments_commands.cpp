#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <waybill/segment_document.hpp>
#include <waybill/segment_store.hpp>

#include "arguments.hpp"
#include "command_failure.hpp"
#include "commands.hpp"
#include "expression_caret.hpp"
#include "segment_trial_command.hpp"
#include "table.hpp"

namespace waybill::tool {

namespace {

struct segments_arguments {
    std::filesystem::path segments;
    tenant owner;
    std::string id;
    std::string name;
    std::string expression;
    std::string schema = "_xdm.context.profile";
    std::string state{to_text(segment_lifecycle::published)};
    std::optional<std::string> description;
    std::optional<std::string> merge_policy;
    bool keep_opt_outs = false;
    bool json = false;
};

segment_store own_segments(const std::filesystem::path& file) {
    auto store = segment_store::open({file});
    if (!store && store.error().code == errc::owned_elsewhere)
        throw command_failure(exit_owned_elsewhere,
                              store.error().message +
                                  "\nDefinitions can be changed over HTTP while it runs.");
    return expect(std::move(store));
}

void print_json(const segment_definition& definition) {
    std::string text;
    append_json(text, definition);
    std::puts(text.c_str());
}

std::string joined(const std::vector<std::string>& ids) {
    std::string text;
    for (const auto& id : ids)
        (text += text.empty() ? "" : ", ") += id;
    return text;
}

std::string methods_of(const evaluation_methods& methods) {
    std::vector<std::string> names;
    if (methods.batch) names.emplace_back("batch");
    if (methods.continuous) names.emplace_back("continuous");
    if (methods.synchronous) names.emplace_back("synchronous");
    return joined(names);
}

void print(const segment_definition& definition, bool as_json) {
    if (as_json) return print_json(definition);
    print_properties({{"segment", definition.id},
                      {"name", definition.name},
                      {"description", definition.description.value_or("")},
                      {"expression", definition.expression},
                      {"version", std::to_string(definition.version)},
                      {"state", std::string(to_text(definition.lifecycle))},
                      {"merge policy", definition.merge_policy_id.value_or("")},
                      {"evaluation", methods_of(definition.evaluation)},
                      {"opted out", definition.exclude_opt_out ? "are no members" : "may be members"},
                      {"asks for", joined(definition.dependencies)},
                      {"is asked for by", joined(definition.dependents)},
                      {"created", to_rfc3339(definition.creation_time)},
                      {"updated", to_rfc3339(definition.update_time)}});
}

int add(const segments_arguments& asked) {
    segment_changes what;
    what.name = asked.name;
    what.expression = asked.expression;
    what.schema = segment_schema{asked.schema, std::nullopt};
    if (asked.description) what.description = asked.description;
    if (asked.merge_policy) what.merge_policy_id = asked.merge_policy;
    what.lifecycle = parse_segment_lifecycle(asked.state);
    what.exclude_opt_out = !asked.keep_opt_outs;
    auto store = own_segments(asked.segments);
    const auto id = asked.id.empty() ? std::nullopt : std::optional(asked.id);
    const auto made = store.create(asked.owner, what, id);
    if (!made) throw with_caret(made.error(), asked.expression);
    print(*made, asked.json);
    return exit_done;
}

/// All of them, by name.
std::vector<segment_definition> read_all(const segments_arguments& asked) {
    std::vector<segment_definition> all;
    segment_query query{.by = segment_query::order::name, .descending = false};
    for (;;) {
        auto page = expect(read_segments(asked.segments, asked.owner, query));
        if (page.definitions.empty()) return all;
        for (auto& one : page.definitions)
            all.push_back(std::move(one));
        query.start += static_cast<std::int64_t>(query.limit);
    }
}

int list(const segments_arguments& asked) {
    const auto all = read_all(asked);
    if (asked.json) {
        std::string text;
        for (const auto& one : all)
            append_json(text += text.empty() ? "" : ",", one);
        std::printf("{\"segments\":[%s]}\n", text.c_str());
        return exit_done;
    }
    table rows(
        {{"SEGMENT"}, {"NAME"}, {"VERSION", table::align::right}, {"STATE"}, {"MERGE POLICY"}, {"UPDATED"}});
    for (const auto& one : all)
        rows.add({one.id, one.name, std::to_string(one.version), std::string(to_text(one.lifecycle)),
                  one.merge_policy_id.value_or(""), to_rfc3339(one.update_time)});
    rows.print();
    return exit_done;
}

int show(const segments_arguments& asked) {
    print(expect(read_segment(asked.segments, asked.owner, asked.id)), asked.json);
    return exit_done;
}

int remove(const segments_arguments& asked) {
    expect(read_segment(asked.segments, asked.owner, asked.id)); // to open it for writing would create it
    expect(own_segments(asked.segments).remove(asked.owner, asked.id));
    if (asked.json)
        std::puts(R"({"status":"removed"})");
    else
        std::printf("removed %s\n", printable(asked.id).c_str());
    return exit_done;
}

using segments_verb = int (*)(const segments_arguments&);

CLI::App& add_verb(CLI::App& group, const char* name, const char* about, segments_verb verb,
                   const std::shared_ptr<segments_arguments>& asked, command& chosen) {
    auto& sub = *group.add_subcommand(name, about);
    sub.add_option("--segments", asked->segments, "segment store")->required();
    add_tenant_options(sub, asked->owner);
    add_json_flag(sub, asked->json);
    sub.callback([asked, verb, &chosen] { chosen = [asked, verb] { return verb(*asked); }; });
    return sub;
}

void add_add(CLI::App& group, command& chosen) {
    const auto asked = std::make_shared<segments_arguments>();
    auto& sub = add_verb(
        group, "add",
        "Defines a segment. Only while no host owns the store; creates it when it is not there.\n\n"
        "Example: waybill segments add 'person.age > 17' --name Adults --segments segments.db --org acme",
        add, asked, chosen);
    sub.add_option("EXPRESSION", asked->expression, "the condition, in Profile Query Language")->required();
    sub.add_option("--name", asked->name, "what it is called; no other of the tenant's is")->required();
    sub.add_option("--id", asked->id, "the segment's id; a UUID, unless given");
    sub.add_option("--description", asked->description, "what it is for");
    sub.add_option("--merge-policy", asked->merge_policy, "the policy of jobs that name none");
    sub.add_option("--schema", asked->schema, "the name of the schema")->capture_default_str();
    sub.add_option("--state", asked->state, "an inactive one is not evaluated")
        ->capture_default_str()
        ->check(CLI::IsMember({"draft", "published", "inactive", "archived"}));
    sub.add_flag("--keep-opt-outs", asked->keep_opt_outs,
                 "those who have opted out of everything may be members");
}

} // namespace

void add_segments_commands(CLI::App& app, command& chosen) {
    auto& segments = *app.add_subcommand("segments", "The definitions of segments that exports evaluate");
    segments.require_subcommand(1);
    add_add(segments, chosen);

    const auto asked = std::make_shared<segments_arguments>(); // one command is run, so they share it
    add_verb(segments, "list",
             "Lists the definitions of a tenant by name, also beside a host.\n\n"
             "Example: waybill segments list --segments segments.db --org acme --sandbox prod",
             list, asked, chosen);
    add_verb(segments, "show",
             "Shows a definition, also beside a host.\n\n"
             "Example: waybill segments show ID --segments segments.db --org acme",
             show, asked, chosen)
        .add_option("ID", asked->id, "the segment")
        ->required();
    add_verb(segments, "remove",
             "Removes a definition that no other one asks for. Only while no host owns the store. Who is a\n"
             "member stays as it is; a waiting job that was to evaluate the segment does without.\n\n"
             "Example: waybill segments remove ID --segments segments.db --org acme",
             remove, asked, chosen)
        .add_option("ID", asked->id, "the segment")
        ->required();
    add_segment_trial(segments, chosen);
}

} // namespace waybill::tool
