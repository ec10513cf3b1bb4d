#include "dataset/batch_writer.hpp"

#include "dataset/layout.hpp"
#include "disk/directory.hpp"
#include "disk/durable_file.hpp"

namespace waybill::dataset {

namespace {

constexpr std::size_t buffer_size = std::size_t{64} << 10U;
/// Synced in pieces, so that the last sync is short and a cancel never waits for gigabytes.
constexpr std::int64_t sync_after = std::int64_t{32} << 20U;

} // namespace

batch_writer::batch_writer(const std::filesystem::path& staging, const staging_key& key,
                           const export_job& job, const export_batch& batch)
    : directory_(staging / batch_name(batch.batch_id)), key_(key), job_(job), batch_(batch) {
    if (!disk::make_directory(directory_))
        throw store_failure(store_failure::kind::internal, directory_.string() + " is written twice");
    disk::durable_file(directory_ / first_part_name, disk::durable_file::opening::create).close();
}

void batch_writer::append(std::string_view row, std::span<const std::string_view> namespaces) {
    ++rows_;
    counts_.add(namespaces);
    // A row that is larger than the buffer goes past it: 500 batches would each keep room for their largest.
    if (row.size() >= buffer_size) {
        flush();
        write(row);
    } else {
        buffer_ += row;
    }
    buffer_ += '\n';
    if (buffer_.size() >= buffer_size) flush();
}

void batch_writer::append_block(std::string_view rows, std::int64_t count,
                                const namespace_counts& namespaces) {
    rows_ += count;
    counts_.add(namespaces);
    if (rows.size() < buffer_size) {
        buffer_ += rows;
        if (buffer_.size() >= buffer_size) flush();
    } else {
        flush();
        write(rows);
    }
}

void batch_writer::flush() {
    if (buffer_.empty()) return;
    write(buffer_);
    buffer_.clear();
}

// The part is opened anew for each buffer: a job with a batch a segment writes 500 of them side by side, and
// a descriptor each would exhaust what a process has.
void batch_writer::write(std::string_view bytes) {
    disk::durable_file part(directory_ / first_part_name, disk::durable_file::opening::append);
    part.write(bytes);
    sum_.add(bytes);
    const auto written = static_cast<std::int64_t>(bytes.size());
    bytes_ += written;
    unsynced_ += written;
    if (unsynced_ >= sync_after) {
        part.sync();
        unsynced_ = 0;
    }
    part.close();
}

void batch_writer::finish(timestamp start, timestamp end) {
    flush();
    {
        disk::durable_file part(directory_ / first_part_name, disk::durable_file::opening::append);
        part.sync();
        part.close();
    }
    manifest what{key_, batch_.batch_id, {}, rows_, bytes_};
    what.files.push_back({std::string(first_part_name), rows_, bytes_, sum_.hex()});
    const export_account account{counts_.sorted(), start, end};
    disk::write_new_file(directory_ / manifest_name, manifest_text(what, job_, batch_, account));
    // The manifest's name is on the disk before anything says that the batch is whole.
    disk::sync_directory(directory_);
    disk::write_new_file(directory_ / success_name, {});
    disk::sync_directory(directory_);
    buffer_.shrink_to_fit();
}

} // namespace waybill::dataset
