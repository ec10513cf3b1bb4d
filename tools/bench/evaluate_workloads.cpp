// Segments that are evaluated in the job: one and twenty over the attributes of all profiles, one over their
// events, and what an export adds.
#include <fstream>
#include <optional>

#include "evaluated_members.hpp"
#include "evaluated_segments.hpp"
#include "evaluation_floors.hpp"
#include "export_contestants.hpp"
#include "exported_rows.hpp"
#include "peers.hpp"
#include "stored_profiles.hpp"
#include "workload.hpp"

namespace waybill::bench {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t slices = 2;
const char* const jq = "jq, evaluate";

/// Counts once a slice, and leaves the number for the round's end.
template <class Counter>
contestant counting(std::string name, std::function<std::unique_ptr<Counter>()> make) {
    return {std::move(name), [make = std::move(make)](const fs::path& folder) {
                return std::make_unique<runner_of<Counter>>(make(), [folder](Counter& by) {
                    std::int64_t found = 0;
                    const auto took = timed(1, [&] { found = by.run(); });
                    std::ofstream(folder / "count") << found;
                    return took;
                });
            }};
}

std::int64_t counted_in(const fs::path& folder) {
    std::int64_t found = -1;
    std::ifstream(folder / "count") >> found;
    return found;
}

fs::path condition_in_a_file(const bench& in) {
    const auto file = in.folder / "inputs" / "condition";
    fs::create_directories(file.parent_path());
    std::ofstream(file) << first_for_jq;
    return file;
}

std::vector<contestant> contestants(bench& in) {
    const auto all = attribute_conditions();
    const auto one = all.first(1);
    const std::vector members{membership_status::realized, membership_status::existing};
    const auto file = in.profiles.store();
    std::vector<contestant> found{
        evaluating(in, "one", evaluation_of(one)), evaluating(in, "twenty", evaluation_of(all)),
        evaluating(in, "exported", evaluation_of(one, members)),
        counting<floor_evaluator>("floor",
                                  [file] {
                                      return std::make_unique<floor_evaluator>(file, profiles_owner,
                                                                               literals_of_the_first());
                                  }),
        counting<json_functions>("sqlite",
                                 [file] { return std::make_unique<json_functions>(file, profiles_owner); })};
    if (in.others.has("jq"))
        found.push_back(in.others.doing(
            "jq", "evaluate", 1, {{"rows.ndjson", rows_of_all(in)}, {"condition", condition_in_a_file(in)}}));
    return found;
}

/// All of them found the same members. Answers how many profiles ours looked at.
std::int64_t expect_same_members(const bench& in, const std::function<fs::path(const std::string&)>& folder) {
    const std::string first = attribute_conditions().front().id;
    const auto ours = members_of(folder("one"));
    const auto members = ours.entered.at(first);
    for (const auto* who : {"floor", "sqlite"})
        expect_as_many_members(members, who, counted_in(folder(who)));
    expect_as_many_members(members, "ours among twenty", members_of(folder("twenty")).entered.at(first));
    expect_as_many_members(members, "our export", exported_rows(folder("exported")).rows);
    if (in.others.has("jq")) expect_as_many_members(members, "jq", exported_rows(folder(jq)).rows);
    return ours.profiles;
}

std::vector<result_row> attributes(bench& in) {
    std::int64_t profiles = 0;
    const auto rates = race(contestants(in), {in.folder, in.sizes.rounds, slices, [&](const auto& folder) {
                                                  profiles = expect_same_members(in, folder);
                                              }});
    const auto a_second = [&](const std::string& who) {
        return scaled(rates_of(rates, who), static_cast<double>(profiles));
    };
    const auto one = "evaluation of one segment over " + std::to_string(profiles) + " profiles";
    return {
        compare({one, "profiles/s", "floor"}, a_second("one"), a_second("floor"), at_least(0.5)),
        compare({one + ", against SQLite", "profiles/s", "json_extract"}, a_second("one"), a_second("sqlite"),
                at_least(3)),
        compare({one + ", against jq", "profiles/s", "jq -c select(…)"}, a_second("one"), a_second(jq),
                at_least(10)),
        compare({"evaluation of 20 segments in one pass", "us/profile", "one segment", measure::microseconds},
                a_second("twenty"), a_second("one"), at_most(3)),
        compare({"evaluation and export of one segment in a hundred, two fields", "us/profile",
                 "evaluation alone", measure::microseconds},
                a_second("exported"), a_second("one"), at_most(1.2))};
}

std::vector<result_row> events(bench& in) {
    const auto file = in.profiles.store();
    const std::vector<contestant> both{evaluating(in, "chain", evaluation_of({&event_chain, 1})),
                                       counting<floor_event_reader>("floor", [file] {
                                           return std::make_unique<floor_event_reader>(file, profiles_owner);
                                       })};
    const auto expected = members_of_the_chain(file, profiles_owner);
    std::int64_t events = 0;
    const auto rates =
        race(both, {in.folder, in.sizes.rounds, slices, [&](const auto& folder) {
                        events = counted_in(folder("floor"));
                        expect_as_many_members(members_of(folder("chain")).entered.at(event_chain.id),
                                               "a statement of SQLite's", expected);
                    }});
    const auto a_second = [&](const char* who) { return scaled(rates.at(who), static_cast<double>(events)); };
    return {compare({"evaluation of one chain over " + std::to_string(events) + " events", "events/s",
                     "reading them and their times"},
                    a_second("chain"), a_second("floor"), at_least(0.5))};
}

} // namespace

std::vector<workload> evaluate_workloads() { return {{"evaluate", attributes}, {"evaluate-chain", events}}; }

} // namespace waybill::bench
