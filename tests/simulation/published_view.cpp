#include "simulation/published_view.hpp"

#include <charconv>

#include "dataset/housekeeping.hpp"
#include "dataset/layout.hpp"
#include "disk/directory.hpp"

namespace waybill::test {
namespace {

job_id job_of(const std::string& batch_id) {
    job_id id = 0;
    const auto* const digits = batch_id.data() + 16;
    std::from_chars(digits, digits + 12, id, 16);
    return id;
}

} // namespace

void published_view::read(time_point now_is) {
    for (const auto& dataset : dataset::find_datasets(root_)) {
        const auto now = dataset::read_current(dataset.directory);
        const auto name = dataset.directory.filename().string();
        auto& known = datasets_[dataset.directory];
        promise(now || known.commit_sequence == 0,
                [&] { return "the current.json of " + name + " is gone"; });
        if (!now) continue;
        advance(known, *now, name);
        for (const auto& batch : known.superseded)
            superseded_since_.emplace(batch, now_is);
    }
}

void published_view::advance(seen& known, const dataset::current_dataset& now,
                             const std::string& name) const {
    promise(now.commit_sequence >= known.commit_sequence,
            [&] { return name + ": an older publication replaced a newer one"; });
    seen next{now.commit_sequence, {}, {now.superseded.begin(), now.superseded.end()}};
    for (const auto& batch : now.batches) {
        promise(next.visible.insert(batch.batch_id).second,
                [&] { return name + ": a batch is named twice"; });
        promise(job_of(batch.batch_id) == now.job,
                [&] { return name + ": a batch of another job than it says"; });
        promise(!known.superseded.contains(batch.batch_id),
                [&] { return name + ": a superseded batch is published again"; });
        promise(!next.superseded.contains(batch.batch_id),
                [&] { return name + ": a batch is visible and superseded"; });
    }
    promise(next.superseded.size() == now.superseded.size(),
            [&] { return name + ": a batch is superseded twice"; });
    for (const auto* before : {&known.visible, &known.superseded})
        for (const auto& batch : *before)
            promise(next.visible.contains(batch) || next.superseded.contains(batch),
                    [&] { return name + ": batch " + batch + " was published, and is not listed any more"; });
    known = std::move(next);
}

std::set<std::string> published_view::shown() const {
    std::set<std::string> all;
    for (const auto& [directory, known] : datasets_) {
        all.insert(known.visible.begin(), known.visible.end());
        all.insert(known.superseded.begin(), known.superseded.end());
    }
    return all;
}

std::set<job_id> published_view::shown_jobs() const {
    std::set<job_id> jobs;
    for (const auto& batch : shown())
        jobs.insert(job_of(batch));
    return jobs;
}

void published_view::compare(const ledger& jobs) const {
    const auto all = shown();
    for (const auto& batch : all) {
        if (left_over_.contains(batch)) continue;
        const auto id = job_of(batch);
        promise(!jobs.ended_badly().contains(id),
                [&] { return "batch " + batch + " shows, of a job that failed or was cancelled"; });
        const auto at = jobs.jobs().find(id);
        if (at == jobs.jobs().end()) continue; // it succeeded and was removed since
        promise(at->second.status == job_status::succeeded || at->second.publishing,
                [&] { return "batch " + batch + " of " + described(id, at->second) + " shows"; });
    }
    for (const auto& [id, job] : jobs.jobs())
        if (job.status == job_status::succeeded)
            for (const auto& batch : job.batch_ids)
                promise(all.contains(batch),
                        [&] { return "batch " + batch + " of " + described(id, job) + " does not show"; });
}

void published_view::restored() { left_over_ = shown(); }

void published_view::compare_acknowledged(const ledger& jobs) const {
    const auto all = shown();
    std::set<std::pair<tenant, std::string>> publishing;
    for (const auto& [id, job] : jobs.jobs())
        if (job.publishing) publishing.emplace(job.owner, job.dataset_id);
    for (const auto& [id, job] : jobs.jobs())
        promise(
            is_final(job.status) || !all.contains(job.batch_ids.front()) ||
                publishing.contains({job.owner, job.dataset_id}),
            [&, about = id, &what = job] { return described(about, what) + " shows, and is not SUCCEEDED"; });
}

bool published_view::may_be_pruned(const std::string& batch, time_point now) const {
    return keep_superseded_ && now - superseded_since_.at(batch) >= *keep_superseded_;
}

void published_view::compare_places(const ledger& jobs, time_point now) const {
    for (const auto& dataset : dataset::find_datasets(root_)) {
        const auto& known = datasets_.at(dataset.directory);
        std::set<std::string> there;
        for (const auto& entry : disk::list_directory(dataset.directory)) {
            const auto batch = dataset::parse_batch_name(entry.name);
            if (!batch) continue;
            there.insert(*batch);
            const auto at = jobs.jobs().find(job_of(*batch));
            const bool publishing = at != jobs.jobs().end() && at->second.publishing;
            promise(known.visible.contains(*batch) || known.superseded.contains(*batch) || publishing,
                    [&] { return "batch " + *batch + " stands in place, and nobody names it"; });
        }
        for (const auto& batch : known.visible)
            promise(there.contains(batch),
                    [&] { return "batch " + batch + " is named, and is not in place"; });
        for (const auto& batch : known.superseded)
            promise(there.contains(batch) || may_be_pruned(batch, now),
                    [&] { return "batch " + batch + " is superseded, and was pruned before its time"; });
    }
}

} // namespace waybill::test
