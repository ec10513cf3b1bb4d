// Exports of everything and of one segment, in one race: against the floor, jq, DuckDB, and each other.
#include <algorithm>
#include <cmath>
#include <fstream>
#include <stdexcept>

#include "engine_export.hpp"
#include "export_contestants.hpp"
#include "exported_rows.hpp"
#include "floor_exporter.hpp"
#include "peers.hpp"
#include "stored_profiles.hpp"
#include "workload.hpp"

namespace waybill::bench {
namespace {

namespace fs = std::filesystem;

/// The floor's rows are spelled otherwise, so its bytes are only about as many.
constexpr double bytes_differ_at_most = 0.1;

contestant floor_of_all(const bench& in) {
    return {"floor", [file = in.profiles.store()](const fs::path& folder) {
                return std::make_unique<runner_of<floor_exporter>>(
                    std::make_unique<floor_exporter>(file, profiles_owner, folder / "out.ndjson"),
                    [](floor_exporter& by) { return timed(1, [&] { by.run(); }); });
            }};
}

/// The one with nearest to so many members.
segment_filter segment_of(const bench& in, std::size_t members) {
    const auto far = [&](const sized_segment& one) {
        return one.members > members ? one.members - members : members - one.members;
    };
    const auto all = in.profiles.segments();
    return std::min_element(all.begin(), all.end(),
                            [&](const auto& a, const auto& b) { return far(a) < far(b); })
        ->filter;
}

/// The name and address of a hundredth of the people.
new_export_job export_of_a_segment(const bench& in) {
    auto request = export_of_all();
    request.fields = "person.name.firstName,personalEmail.address";
    request.filter.emplace().segments = {segment_of(in, in.profiles.people() / 100)};
    return request;
}

/// For whoever looks for the segment by itself.
fs::path segment_in_a_file(const bench& in, const new_export_job& request) {
    auto file = in.folder / "inputs" / "segment";
    fs::create_directories(file.parent_path());
    std::ofstream(file) << request.filter->segments.front().segment_id;
    return file;
}

void expect_like_floor(const row_count& ours, const row_count& floor) {
    const auto more = static_cast<double>(floor.bytes) / static_cast<double>(ours.bytes) - 1;
    if (ours.rows == floor.rows && std::abs(more) <= bytes_differ_at_most) return;
    throw std::runtime_error("the floor did not do the same work: " + std::to_string(ours.rows) +
                             " rows of " + std::to_string(ours.bytes) + " bytes, and " +
                             std::to_string(floor.rows) + " of " + std::to_string(floor.bytes));
}

std::vector<result_row> exports(bench& in) {
    const auto part = export_of_a_segment(in);
    std::vector<contestant> all{exporting(in, "all", export_of_all()), floor_of_all(in),
                                exporting(in, "part", part, in.sizes.part_exports)};
    std::vector<std::pair<std::string, std::string>> same_rows; // of what was exported, and by whom else
    const auto enter = [&](const std::string& who, const std::string& operation, const char* as) {
        if (!in.others.has(who)) return;
        auto peer = in.others.doing(
            who, operation, 1, {{"rows.ndjson", rows_of_all(in)}, {"segment", segment_in_a_file(in, part)}});
        same_rows.emplace_back(as, peer.name);
        all.push_back(std::move(peer));
    };
    enter("jq", "export-all", "all");
    enter("duckdb", "export-all", "all");
    enter("duckdb", "export-segment", "part");

    row_count rows;
    const auto rates = race(all, {in.folder, in.sizes.rounds, 1, [&](const auto& folder) {
                                      rows = exported_rows(folder("all"));
                                      expect_like_floor(rows, exported_rows(folder("floor")));
                                      for (const auto& [ours, other] : same_rows)
                                          expect_as_many_rows(folder(ours), folder(other));
                                  }});
    const auto rows_per_second = [&](const std::string& who) {
        return scaled(rates_of(rates, who), static_cast<double>(rows.rows));
    };
    const auto per_minute = [&](const std::string& who) { return scaled(rates_of(rates, who), 60); };
    const auto whole = "export of " + std::to_string(rows.rows) + " profiles, all fields";
    const std::string some = "export of one segment in a hundred people, two fields";
    return {
        compare({whole, "rows/s", "floor"}, rows_per_second("all"), rows_per_second("floor"), at_least(0.5)),
        compare({whole + ", against jq", "rows/s", "jq -c ."}, rows_per_second("all"),
                rows_per_second("jq, export-all"), at_least(10)),
        compare({whole + ", against DuckDB", "rows/s", "DuckDB, read_json to JSON"}, rows_per_second("all"),
                rows_per_second("duckdb, export-all"), at_least(1)),
        compare({some, "exports/min", "ours of everything"}, per_minute("part"), per_minute("all"),
                at_least(20)),
        compare({some + ", against DuckDB", "exports/min", "DuckDB, read_json filtered"}, per_minute("part"),
                per_minute("duckdb, export-segment"), at_least(5))};
}

} // namespace

std::vector<workload> export_workloads() { return {{"export", exports}}; }

} // namespace waybill::bench
