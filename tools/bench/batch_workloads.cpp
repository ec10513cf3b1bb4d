// What of an export depends on its batches: how many there are, and how they are compressed.
#include <algorithm>

#include "engine_export.hpp"
#include "export_contestants.hpp"
#include "exported_rows.hpp"
#include "peers.hpp"
#include "stored_profiles.hpp"
#include "workload.hpp"

namespace waybill::bench {
namespace {

constexpr std::size_t slices = 4;
constexpr std::size_t batches = 4;

/// Of segments that no two profiles share, so that as many rows go into one batch as into all of them.
new_export_job export_of_apart(const bench& in) {
    auto request = export_of_all();
    auto& chosen = request.filter.emplace().segments;
    for (const auto& one : in.profiles.segments())
        if (one.filter.segment_ns != "ups" && chosen.size() < batches) chosen.push_back(one.filter);
    return request;
}

std::vector<result_row> batch_a_segment(bench& in) {
    const auto one = export_of_apart(in);
    auto four = one;
    four.segment_per_batch = true;
    row_count rows;
    const auto rates = race({exporting(in, "four", four), exporting(in, "one", one)},
                            {in.folder, in.sizes.rounds, slices, [&](const auto& folder) {
                                 rows = exported_rows(folder("four"));
                                 expect_as_many_rows(folder("four"), folder("one"));
                             }});
    const auto a_row = [&](const char* who) { return scaled(rates.at(who), static_cast<double>(rows.rows)); };
    return {compare({"export of " + std::to_string(rows.rows) + " profiles, 4 segments, a batch each",
                     "us/row", "one batch", measure::microseconds},
                    a_row("four"), a_row("one"), at_most(1.5))};
}

/// Has the parts of the job compressed.
bool choose_zstd(export_job& job) {
    job.output.compression = dataset_compression::zstd;
    return true;
}

std::vector<double> slower_of(const std::vector<double>& a, const std::vector<double>& b) {
    std::vector<double> slower;
    for (std::size_t round = 0; round < std::min(a.size(), b.size()); ++round)
        slower.push_back(std::min(a[round], b[round]));
    return slower;
}

std::vector<result_row> compressed(bench& in) {
    std::vector<contestant> all{exporting(in, "zstd", export_of_all(), 1, choose_zstd),
                                exporting(in, "plain", export_of_all())};
    if (in.others.has("zstd"))
        all.push_back(in.others.doing("zstd", "compress", 1, {{"rows.ndjson", rows_of_all(in)}}));
    row_count rows;
    const auto rates = race(all, {in.folder, in.sizes.rounds, 1,
                                  [&](const auto& folder) { rows = exported_rows(folder("plain")); }});
    const auto rows_per_second = [&](const std::string& who) {
        return scaled(rates_of(rates, who), static_cast<double>(rows.rows));
    };
    return {compare({"export of " + std::to_string(rows.rows) + " profiles, zstd", "rows/s",
                     "slower of plain and zstd -3 -T2"},
                    rows_per_second("zstd"),
                    slower_of(rows_per_second("plain"), rows_per_second("zstd, compress")), at_least(0.8))};
}

} // namespace

std::vector<workload> batch_workloads() {
    return {{"export-batches", batch_a_segment}, {"export-zstd", compressed}};
}

} // namespace waybill::bench
