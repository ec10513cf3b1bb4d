#include "dataset/placement.hpp"

#include <algorithm>
#include <utility>

#include "dataset/layout.hpp"
#include "dataset/publish_error.hpp"
#include "disk/directory.hpp"

namespace waybill::dataset {

placement::placement(const std::filesystem::path& root, publication what, memberships_taker take_memberships)
    : what_(std::move(what)),
      take_memberships_(std::move(take_memberships)),
      dataset_(dataset_directory(root, what_.job.owner, what_.job.request.dataset_id)),
      staging_(staging_directory(dataset_, what_.key)) {}

publication_report placement::run(step last) {
    publication_report report;
    report.state = publication_state::working;
    if (auto end = inspect()) return *end;
    for (const auto& entry : batches_)
        report.batches.push_back(entry.batch);
    if (last == step::inspect) return report;
    if (auto end = move()) return *end;
    if (last == step::move) return report;
    sync();
    if (last == step::sync) return report;
    take_memberships();
    if (last == step::take) return report;
    record();
    if (last == step::record) return report;
    clean();
    report.state = publication_state::placed;
    return report;
}

std::optional<publication_report> placement::inspect() {
    current_ = read_current(dataset_);
    batches_.clear();
    for (const auto& batch : what_.job.batches) {
        batches_.push_back({batch, whereabouts::missing, {}});
        if (auto end = look_at(batches_.back())) return end;
    }
    const auto published = count(whereabouts::published);
    if (published == batches_.size()) return std::nullopt;
    // We write all of a job's batches into current.json at once: one that has only some was made by somebody
    // else.
    if (published != 0)
        throw store_failure(store_failure::kind::corrupt,
                            (dataset_ / current_name).string() + " is damaged: it has only " +
                                std::to_string(published) + " of the " + std::to_string(batches_.size()) +
                                " batches of job " + std::to_string(what_.job.id));
    if (count(whereabouts::missing) != 0 || lacks_memberships()) return give_up();
    if (current_ && current_->commit_sequence == what_.commit_sequence)
        throw store_failure(store_failure::kind::corrupt,
                            (dataset_ / current_name).string() + " has the commit sequence of job " +
                                std::to_string(what_.job.id) + ", but other batches");
    return std::nullopt;
}

/// Finds one batch; ends the placement when something else stands where it should.
std::optional<publication_report> placement::look_at(placed_batch& entry) {
    auto& batch = entry.batch;
    const auto in_place = dataset_ / batch_name(batch.batch_id);
    const auto staged = staging_ / batch_name(batch.batch_id);
    if (const auto* named = current_ ? current_->find(batch.batch_id) : nullptr) {
        entry.at = whereabouts::published;
        batch.rows = named->rows;
        batch.bytes = named->bytes;
        return std::nullopt;
    }
    const bool superseded = current_ && current_->lists_as_superseded(batch.batch_id);
    if (superseded)
        entry.at = whereabouts::published;
    else if (disk::is_there(in_place))
        entry.at = whereabouts::in_place;
    else if (disk::is_there(staged))
        entry.at = whereabouts::staged;
    else
        return std::nullopt;
    const auto read =
        manifest_of(entry.at == whereabouts::staged ? staged : in_place, what_.key, batch.batch_id);
    if (read) {
        batch.rows = read->content.rows;
        batch.bytes = read->content.bytes;
        entry.manifest_sha256 = read->sha256;
        entry.with_memberships = read->content.memberships.has_value();
        return std::nullopt;
    }
    if (superseded) return std::nullopt; // published, and pruned since
    const auto& code = entry.at == whereabouts::in_place ? errors::foreign_batch : errors::bad_staged_batch;
    return failed_report(code.about(batch.batch_id, read.error().message), false);
}

std::optional<publication_report> placement::move() {
    for (auto& entry : batches_) {
        if (entry.at != whereabouts::staged) continue;
        const auto name = batch_name(entry.batch.batch_id);
        if (!disk::rename_no_replace(staging_ / name, dataset_ / name))
            return failed_report(
                errors::foreign_batch.about(entry.batch.batch_id,
                                            (dataset_ / name).string() + " appeared meanwhile"),
                false);
        entry.at = whereabouts::in_place;
    }
    return std::nullopt;
}

/// Also when nothing was moved: a crash may have come between the renames and their sync.
void placement::sync() {
    disk::sync_directory(dataset_);
    disk::sync_directory_if_there(staging_);
}

/// Before anybody can see the batches, and again after a crash: whoever takes them knows what it has.
void placement::take_memberships() {
    if (count(whereabouts::published) == batches_.size() || !with_memberships()) return;
    if (!take_memberships_)
        throw store_failure(store_failure::kind::internal, "the memberships of job " +
                                                               std::to_string(what_.job.id) +
                                                               " are taken by nobody");
    take_memberships_(what_, staging_ / memberships_name);
}

void placement::record() {
    if (count(whereabouts::published) == batches_.size()) return;
    if (current_ && current_->commit_sequence > what_.commit_sequence) {
        // A later job is visible already (this one's publication was cut off, or its store restored). A lower
        // commit sequence never replaces a higher one, yet the job did pass its commit point: its batches are
        // known as published, and as superseded from the first.
        auto next = *current_;
        for (const auto& entry : batches_)
            next.superseded.push_back(entry.batch.batch_id);
        replace_current(dataset_, next);
        return;
    }
    current_dataset next{what_.job.request.dataset_id, what_.job.id, what_.commit_sequence,
                         to_rfc3339(wall_clock()),     {},           {}};
    if (current_) {
        next.superseded = current_->superseded;
        for (const auto& batch : current_->batches)
            next.superseded.push_back(batch.batch_id);
    }
    for (const auto& entry : batches_)
        next.batches.push_back(as_current(entry));
    replace_current(dataset_, next);
}

/// What is left there is worth nothing any more, and what cannot be removed now is swept later.
void placement::clean() noexcept { disk::remove_if_possible(staging_); }

/// A batch is gone for good, so none of the job's may ever show. What is in place goes back into staging by a
/// rename first: a removal cut off half way would leave a batch without a manifest, which looks like somebody
/// else's.
publication_report placement::give_up() {
    publication_report report;
    report.state = publication_state::lost;
    if (lacks_memberships())
        report.errors.push_back(errors::memberships_not_taken.about(
            std::to_string(what_.job.id), (staging_ / memberships_name).string() + " is not there"));
    for (const auto& entry : batches_) {
        const auto name = batch_name(entry.batch.batch_id);
        if (entry.at == whereabouts::missing && report.errors.empty())
            report.errors.push_back(errors::lost_batch.about(entry.batch.batch_id,
                                                             std::to_string(count(whereabouts::missing)) +
                                                                 " of " + std::to_string(batches_.size()) +
                                                                 " batches are not in " + dataset_.string()));
        if (entry.at != whereabouts::in_place) continue;
        disk::make_directories(staging_);
        const auto aside = staging_ / ("removed-" + name);
        disk::remove_tree(aside);
        if (!disk::rename_no_replace(dataset_ / name, aside))
            throw store_failure(store_failure::kind::io, aside.string() + " appeared while it was removed");
    }
    disk::sync_directory_if_there(dataset_);
    disk::sync_directory_if_there(staging_);
    clean();
    return report;
}

bool placement::with_memberships() const {
    return std::any_of(batches_.begin(), batches_.end(),
                       [](const auto& one) { return one.with_memberships; });
}

/// Rows that nobody will remember the memberships of are as good as lost.
bool placement::lacks_memberships() const {
    return with_memberships() && !disk::is_there(staging_ / memberships_name);
}

std::size_t placement::count(whereabouts at) const {
    return static_cast<std::size_t>(
        std::count_if(batches_.begin(), batches_.end(), [at](const auto& entry) { return entry.at == at; }));
}

current_batch placement::as_current(const placed_batch& entry) const {
    const auto& batch = entry.batch;
    current_batch out{batch.batch_id,          std::nullopt,         std::nullopt, batch.rows.value_or(0),
                      batch.bytes.value_or(0), entry.manifest_sha256};
    if (batch.segment && what_.job.request.filter) {
        const auto& segment = what_.job.request.filter->segments.at(*batch.segment);
        out.segment_id = segment.segment_id;
        out.segment_ns = segment.segment_ns;
    }
    return out;
}

} // namespace waybill::dataset
