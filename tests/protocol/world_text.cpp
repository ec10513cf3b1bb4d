#include "dataset/current.hpp"
#include "dataset/housekeeping.hpp"
#include "dataset/layout.hpp"
#include "disk/directory.hpp"
#include "protocol/ranks.hpp"
#include "protocol/world.hpp"
#include "support/staged_job.hpp"

namespace waybill::test {
namespace {

constexpr const char* all_jobs = R"(
select id, status, attempt, attempts_used, held, epoch, staging_epoch, publishing, commit_sequence
from export_jobs
order by id)";

std::string text_of(const attempt_track& track, lifecycle::time_point now) {
    const auto& attempt = track.attempt;
    std::string text =
        "track " + described_key(attempt.key) + " phase " + std::to_string(static_cast<int>(track.phase)) +
        " c" + ranked_number(attempt.commit_sequence) + " used " + std::to_string(attempt.attempts_used) +
        " batches " + std::to_string(attempt.job.batches.size()) + ' ' + std::to_string(track.batches.size());
    if (track.submitted) text += " submitted";
    if (attempt.publishing) text += " publishing";
    if (track.deadline <= now) text += " overdue";
    if (track.place_failed) text += track.retry_at <= now ? " to place again" : " to place later";
    return text + '\n';
}

} // namespace

std::string protocol_world::rows() {
    std::string text;
    auto row = database().prepare(all_jobs);
    while (row.step()) {
        text += "job " + std::to_string(row.integer(0)) + ' ' + row.text(1) + " attempt " +
                std::to_string(row.integer(2)) + " used " + std::to_string(row.integer(3));
        if (row.integer(4) != 0) text += " held";
        text += " e" + ranked_number(row.maybe_integer(5).value_or(0)) + " e" +
                ranked_number(row.maybe_integer(6).value_or(0));
        if (row.integer(7) != 0) text += " publishing";
        text += " c" + ranked_number(row.maybe_integer(8).value_or(0)) + '\n';
    }
    return text;
}

/// What an end of the host leaves as it is.
std::string protocol_world::surroundings() const {
    auto text = is.files.text() + is.memberships.text() + is.engine.text() + "left" + is.left.text() + '\n';
    if (is.backup) text += "backup\n" + is.backup->text;
    for (const auto& key : is.damaged)
        text += "damaged " + described_key(key) + '\n';
    for (const auto& batch : is.view.left_over())
        text += "left over " + batch.substr(16) + '\n';
    return text;
}

std::string protocol_world::text_of_running() {
    scan();
    const auto driver = state_of(*driver_);
    auto text = "now e" + ranked_number(store_->owner().epoch()) + '\n' + rows() + surroundings() +
                is.publisher.text();
    for (const auto& [key, track] : driver.tracks)
        text += text_of(track, is.now);
    for (const auto& [job, due] : driver.held)
        text += "held " + std::to_string(job) + (due <= is.now ? " due\n" : "\n");
    if (driver.sweep_at <= is.now) text += "sweep due\n";
    if (driver.put_back_at) text += "stopping\n";
    return ranked(text);
}

std::string protocol_world::text_of_fallen() {
    scan();
    return ranked("fallen\n" + rows() + surroundings());
}

bool protocol_world::at_rest() const {
    return unfinished().empty() && is.publisher.tasks.empty() && state_of(*driver_).tracks.empty() &&
           staged().empty() && !something_to_prune();
}

std::vector<job_id> protocol_world::unfinished() const {
    std::vector<job_id> found;
    for (const auto& [id, job] : is.known.jobs())
        if (!is_final(job.status)) found.push_back(id);
    return found;
}

bool protocol_world::something_to_prune() const {
    for (const auto& found : dataset::find_datasets(root_)) {
        for (const auto& entry : disk::list_directory(found.directory / dataset::staging_name))
            if (dataset::is_pruned_name(entry.name)) return true;
        const auto current = dataset::read_current(found.directory);
        if (!current) continue;
        for (const auto& batch : current->superseded)
            if (disk::is_there(found.directory / dataset::batch_name(batch))) return true;
    }
    return false;
}

std::vector<staging_key> protocol_world::staged() const { return dataset::staged_keys(root_); }

} // namespace waybill::test
