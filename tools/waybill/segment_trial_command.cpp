#include "segment_trial_command.hpp"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>

#include <waybill/segment_trial.hpp>

#include "arguments.hpp"
#include "expression_caret.hpp"

namespace waybill::tool {

namespace {

struct trial_arguments {
    std::string expression;
    std::filesystem::path profile;
    std::filesystem::path events;
    std::string now;
    bool json = false;
};

std::string text_of(const std::filesystem::path& file) {
    if (!std::filesystem::exists(file))
        throw command_failure(exit_not_found, "there is no file " + file.string());
    std::ifstream input(file, std::ios::binary);
    std::string text(std::istreambuf_iterator<char>(input), {});
    if (!input) throw command_failure(exit_failed, file.string() + " cannot be read");
    return text;
}

int try_it(const trial_arguments& asked) {
    const auto profile = text_of(asked.profile);
    const auto events = asked.events.empty() ? std::string() : text_of(asked.events);
    const auto now = asked.now.empty() ? wall_clock() : *parse_rfc3339(asked.now);
    const auto holds = try_expression(asked.expression, profile, events, now);
    if (!holds) throw with_caret(holds.error(), asked.expression);
    const char* const answer = *holds ? "true" : "false";
    if (asked.json)
        std::printf("{\"holds\":%s}\n", answer);
    else
        std::puts(answer);
    return exit_done;
}

} // namespace

command_failure with_caret(const failure& reason, const std::string& expression) {
    if (reason.findings.empty()) return as_command_failure(reason);
    auto message = reason.message;
    for (const auto& found : reason.findings) {
        message += "\n  " + found.path + ": " + found.message;
        if (found.position) message += caret_under(expression, *found.position);
    }
    return {exit_failed, message};
}

void add_segment_trial(CLI::App& group, command& chosen) {
    const auto asked = std::make_shared<trial_arguments>();
    auto& sub = *group.add_subcommand(
        "test",
        "Says whether an expression holds of a profile: true or false, both with exit code 0. Of segments\n"
        "the profile is in those that its own segmentMembership says. An expression that is none ends with\n"
        "1, and with a caret under the byte at which it goes wrong.\n\n"
        "Example: waybill segments test 'person.age > 17' --profile profile.json --events events.ndjson "
        "--now 2024-01-31T12:00:00Z");
    sub.add_option("EXPRESSION", asked->expression, "the condition, in Profile Query Language")->required();
    sub.add_option("--profile", asked->profile, "a file with the merged profile, a JSON object")->required();
    sub.add_option("--events", asked->events, "a file with its events, NDJSON or one JSON array");
    sub.add_option("--now", asked->now, "the time of the evaluation; now, unless given")->check(check_moment);
    add_json_flag(sub, asked->json);
    sub.callback([asked, &chosen] { chosen = [asked] { return try_it(*asked); }; });
}

} // namespace waybill::tool
