#include "dataset/part_writer.hpp"

#include <utility>

#include "dataset/block_encoder.hpp"
#include "disk/durable_file.hpp"

namespace waybill::dataset {

namespace {

/// Synced in pieces, so that the last sync is short and a cancel never waits for gigabytes.
constexpr std::int64_t sync_after = std::int64_t{32} << 20U;

} // namespace

part_writer::part_writer(std::filesystem::path directory, part_options how)
    : directory_(std::move(directory)), how_(std::move(how)) {
    begin();
}

void part_writer::begin() {
    if (parts_.size() >= how_.most_parts)
        throw store_failure(store_failure::kind::internal, directory_.string() + " has " +
                                                               std::to_string(how_.most_parts) +
                                                               " parts, and a batch may have no more");
    part_file part{part_name(how_.output, parts_.size()), 0, 0, {}};
    disk::durable_file(directory_ / part.name, disk::durable_file::opening::create).close();
    parts_.push_back(std::move(part));
    open_ = true;
    sum_ = {};
    unsynced_ = 0;
    if (!how_.beginning.empty()) write(how_.beginning);
}

void part_writer::append(std::string_view encoded, std::int64_t rows) {
    if (!open_) begin();
    write(encoded);
    parts_.back().rows += rows;
    if (parts_.back().bytes >= how_.part_bytes) end();
}

// The part is opened anew for each block: a job with a batch a segment writes 500 of them side by side, and a
// descriptor each would exhaust what a process has.
void part_writer::write(std::string_view bytes) {
    auto& about = parts_.back();
    disk::durable_file part(directory_ / about.name, disk::durable_file::opening::append);
    part.write(bytes);
    sum_.add(bytes);
    const auto written = static_cast<std::int64_t>(bytes.size());
    about.bytes += written;
    unsynced_ += written;
    if (unsynced_ >= sync_after) {
        part.sync();
        unsynced_ = 0;
    }
    part.close();
}

void part_writer::end() {
    disk::durable_file part(directory_ / parts_.back().name, disk::durable_file::opening::append);
    part.sync();
    part.close();
    parts_.back().sha256 = sum_.hex();
    open_ = false;
}

std::vector<part_file> part_writer::finish() {
    if (open_) end();
    return std::move(parts_);
}

} // namespace waybill::dataset
