#include "dataset/batch_writer.hpp"

#include <utility>

#include "dataset/layout.hpp"
#include "disk/directory.hpp"
#include "disk/durable_file.hpp"

namespace waybill::dataset {

namespace {

std::filesystem::path made_directory(std::filesystem::path directory) {
    if (!disk::make_directory(directory))
        throw store_failure(store_failure::kind::internal, directory.string() + " is written twice");
    return directory;
}

} // namespace

batch_writer::batch_writer(const place& where, const export_job& job, const export_batch& batch,
                           block_encoder& encoder)
    : directory_(made_directory(where.staging / batch_name(batch.batch_id))),
      key_(where.key),
      job_(job),
      batch_(batch),
      encoder_(encoder),
      block_size_(block_size(job)),
      parts_(directory_, {job.output, encoder.beginning(), where.part_bytes, where.most_parts}) {}

void batch_writer::block_account::add(const block_account& more) {
    rows += more.rows;
    unlinked += more.unlinked;
    counts.add(more.counts);
}

void batch_writer::append_lines(std::string_view lines, const block_account& account) {
    block_ += lines;
    gathered_.add(account);
    if (block_.size() >= block_size_) flush();
}

void batch_writer::append_block(std::string_view encoded, const block_account& account) {
    if (gathered_.rows > 0) flush();
    put(encoded, account);
}

void batch_writer::flush() {
    put(encoder_.encode(block_), std::exchange(gathered_, {}));
    // 500 batches would each keep room for their largest row.
    if (block_.capacity() > 2 * block_size_)
        block_ = {};
    else
        block_.clear();
}

void batch_writer::put(std::string_view encoded, const block_account& account) {
    parts_.append(encoded, account.rows);
    written_.add(account);
}

void batch_writer::finish(timestamp start, timestamp end, const evaluated* segments) {
    // A compressed file is never quite empty, or no reader would take it for one.
    const bool empty_file = written_.rows == 0 && encoder_.beginning().empty();
    if (gathered_.rows > 0 || empty_file) flush();
    block_ = {};
    manifest what{key_, batch_.batch_id, parts_.finish(), written_.rows, 0};
    for (const auto& part : what.files)
        what.bytes += part.bytes;
    export_account account{written_.counts.sorted(), start, end, written_.unlinked};
    if (segments) {
        account.evaluation = &segments->report;
        what.memberships = segments->memberships;
    }
    disk::write_new_file(directory_ / manifest_name, manifest_text(what, job_, batch_, account));
    // The manifest's name is on the disk before anything says that the batch is whole.
    disk::sync_directory(directory_);
    disk::write_new_file(directory_ / success_name, {});
    disk::sync_directory(directory_);
}

} // namespace waybill::dataset
