// Jobs whose batches are staged for real, as an engine would have left them, and what a dataset looks like on
// disk.
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <string>
#include <vector>

#include <waybill/publisher.hpp>

#include "dataset/batch_writer.hpp"
#include "dataset/layout.hpp"
#include "disk/directory.hpp"
#include "support/a_job.hpp"

namespace waybill::test {

inline std::string batch_id_of(job_id job, std::size_t index) {
    const auto tail = std::to_string(job) + 'b' + std::to_string(index);
    return std::string(32 - tail.size(), '0') + tail;
}

/// A job of `acme` past its commit point; with more than one batch, a batch a segment.
inline publication a_publication(job_id id, std::int64_t commit_sequence, std::size_t batches = 1) {
    publication what;
    what.key = {id, 1, 3};
    what.commit_sequence = commit_sequence;
    what.job.id = id;
    what.job.owner = acme;
    what.job.request = a_job("people");
    what.job.request.segment_per_batch = batches > 1;
    for (std::size_t i = 0; i < batches; ++i) {
        what.job.batches.push_back({batch_id_of(id, i), std::nullopt, std::nullopt, std::nullopt});
        if (batches == 1) break;
        if (!what.job.request.filter) what.job.request.filter.emplace();
        what.job.request.filter->segments.push_back({"segment" + std::to_string(i)});
        what.job.batches.back().segment = i;
    }
    return what;
}

inline std::filesystem::path dataset_of(const std::filesystem::path& root, const publication& what) {
    return dataset_directory(root, what.job.owner, what.job.request.dataset_id);
}

inline std::filesystem::path staging_of(const std::filesystem::path& root, const publication& what) {
    return dataset::staging_directory(dataset_of(root, what), what.key);
}

/// Appends one row.
inline void append_row(dataset::batch_writer& to, dataset::block_encoder& encoder, std::string_view row,
                       std::span<const std::string_view> namespaces, bool unlinked = false) {
    std::string line;
    encoder.append_line(line, row);
    dataset::batch_writer::block_account account{1, unlinked ? 1 : 0, {}};
    account.counts.add(namespaces);
    to.append_lines(line, account);
}

/// Stages one batch; the rows are `{"row":0}`, `{"row":1}` …
inline void stage_batch(const std::filesystem::path& root, const publication& what, std::size_t index,
                        int rows = 3, std::int64_t part_bytes = 1 << 30,
                        const dataset::batch_writer::evaluated* segments = nullptr) {
    const auto staging = staging_of(root, what);
    disk::make_directories(staging);
    dataset::block_encoder encoder(what.job);
    dataset::batch_writer writer({staging, what.key, part_bytes}, what.job, what.job.batches.at(index),
                                 encoder);
    const std::string_view crm = "CRMID";
    for (int row = 0; row < rows; ++row)
        append_row(writer, encoder, "{\"row\":" + std::to_string(row) + "}", {&crm, 1});
    const timestamp start{std::chrono::milliseconds{1'538'615'973'895}};
    writer.finish(start, start + std::chrono::milliseconds{10}, segments);
}

inline void stage(const std::filesystem::path& root, const publication& what) {
    for (std::size_t i = 0; i < what.job.batches.size(); ++i)
        stage_batch(root, what, i);
}

inline std::string contents(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

inline void overwrite(const std::filesystem::path& file, const std::string& text) {
    std::ofstream(file, std::ios::binary | std::ios::trunc) << text;
}

/// Every file below a directory with its contents, and every directory; but for the time of publication.
inline std::map<std::string, std::string> tree(const std::filesystem::path& directory) {
    static const std::regex published_at("\"publishedAt\":\"[^\"]*\"");
    std::map<std::string, std::string> found;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
        const auto name = entry.path().lexically_relative(directory).string();
        found[name] = entry.is_directory()
                          ? "a directory"
                          : std::regex_replace(contents(entry.path()), published_at, "\"publishedAt\":\"\"");
    }
    return found;
}

} // namespace waybill::test
