#include "memory/store_script.hpp"

#include <waybill/error_codes.hpp>
#include <waybill/store_statistics.hpp>

namespace waybill::test {

namespace {

new_export_job in_batches() {
    auto request = a_full_job();
    request.dataset_id = "by-segment";
    request.segment_per_batch = true;
    return request;
}

std::optional<job_error> no_objection(const export_job&) { return std::nullopt; }

} // namespace

job_store_options store_script::options() const {
    job_store_options how;
    how.file = file_;
    how.ids_reserved = 3; // so that the lock file is written on the way, too
    how.upkeep.retention = {{job_status::cancelled, std::chrono::milliseconds{0}}};
    how.upkeep.free_pages = 0;
    how.upkeep.longest_wal = 4'096;
    return how;
}

void store_script::run() {
    open();
    create(acme, a_full_job(), "once");
    const auto second = create(acme, in_batches());
    const auto third = create(globex, a_job("third"));
    create_together();
    auto attempts = claim(3);
    succeed(attempts.at(0));
    fail(attempts.at(1));
    put_back(attempts.at(2));
    retry(attempts.at(1).key.job);
    (void)second;
    (void)third;
    const auto unwanted = create(acme, a_job("unwanted"));
    cancel(unwanted, job_status::cancelled);
    read();
    const auto more = claim(2);
    cancel(more.at(0).key.job, job_status::cancelling);
    settle_cancelled();
    const auto orphan = more.at(1).key.job;
    store_.reset(); // as a crash leaves it, but for the numbers
    open();
    take_over(orphan);
    read();
    look_after();
    store_.reset();
}

void store_script::open() {
    persist("opening", [&] { store_ = std::make_unique<job_store>(job_store::open(options()).value()); });
}

job_id store_script::create(const tenant& owner, const new_export_job& request, const std::string& key) {
    std::optional<idempotency_key> once;
    if (!key.empty()) once = idempotency_key{key, "fingerprint"};
    const auto id = persist("create", [&] { return store_->create(owner, request, once).value().id; });
    acknowledged_[id] = job_status::new_;
    return id;
}

void store_script::create_together() {
    const auto ids = persist("together", [&] {
        std::vector<job_id> made;
        store_->together([&] {
            for (const auto* const owner : {&acme, &globex})
                made.push_back(store_->create(*owner, a_job("together")).value().id);
        });
        return made;
    });
    for (const auto id : ids)
        acknowledged_[id] = job_status::new_;
}

std::vector<owned_attempt> store_script::claim(std::size_t most) {
    auto attempts = persist("claim", [&] { return store_->owner().claim(most, no_objection); });
    for (const auto& attempt : attempts)
        acknowledged_[attempt.key.job] = job_status::processing;
    return attempts;
}

void store_script::succeed(const owned_attempt& attempt) {
    auto& owner = store_->owner();
    job_metrics metrics;
    metrics.exported = 20;
    metrics.exported_by_namespace = {{"a namespace whose name is not short", 10}, {"Email", 5}};
    expect(persist("progress", [&] { return owner.note_progress(attempt.key, "engine-1", metrics); }),
           "the progress was dropped");
    const auto mark = persist("mark", [&] { return owner.mark_publishing(attempt.key); });
    expect(mark.what == publish_mark::outcome::marked, "the attempt was not marked");
    expect(persist("cancel",
                   [&] {
                       const auto late = store_->cancel(attempt.job.owner, attempt.key.job);
                       return !late && late.error().code == errc::too_late;
                   }),
           "a job was cancelled past its commit point");
    expect(persist("succeed", [&] { return owner.succeed(attempt.key, metrics, attempt.job.batches); }),
           "the success was dropped");
    acknowledged_[attempt.key.job] = job_status::succeeded;
}

void store_script::fail(const owned_attempt& attempt) {
    expect(persist("fail",
                   [&] {
                       return store_->owner().fail(
                           attempt.key, {errors::export_failed.about(), errors::export_failed.about()},
                           "lifecycle", "a reason");
                   }),
           "the failure was dropped");
    acknowledged_[attempt.key.job] = job_status::failed;
}

void store_script::put_back(const owned_attempt& attempt) {
    expect(
        persist("put back",
                [&] { return store_->owner().put_back(attempt.key, {.hold = true, .reason = "a reason"}); }),
        "the putting back was dropped");
    persist("release", [&] { store_->owner().release(attempt.key.job); });
    acknowledged_[attempt.key.job] = job_status::new_;
}

void store_script::cancel(job_id id, job_status becomes) {
    const auto before = repetitions_;
    const auto& whose = store_->find(acme, id).ok() ? acme : globex;
    const auto outcome = persist("cancel", [&] { return store_->cancel(whose, id).value(); });
    const auto wanted =
        becomes == job_status::cancelled ? cancel_outcome::cancelled : cancel_outcome::cancelling;
    expect(outcome == wanted || (outcome == cancel_outcome::repeated && repetitions_ > before),
           "a cancel did something else");
    acknowledged_[id] = becomes;
}

void store_script::settle_cancelled() {
    const auto keys = persist("cancelling", [&] { return store_->owner().cancelling(); });
    expect(keys.size() == 1, "another number of jobs is CANCELLING");
    for (const auto& key : keys) {
        expect(persist("settle", [&] { return store_->owner().settle_cancelled(key); }),
               "the cancel was not settled");
        acknowledged_[key.job] = job_status::cancelled;
    }
}

void store_script::retry(job_id id) {
    const auto& whose = store_->find(acme, id).ok() ? acme : globex;
    const auto made = persist("retry", [&] { return store_->retry(whose, id).value().id; });
    acknowledged_[made] = job_status::new_;
}

/// By the owner and beside it: what is read is all of it, or nothing.
void store_script::read() {
    std::size_t known = 0;
    for (const auto& whose : {acme, globex}) {
        const auto listed = persist("list", [&] { return store_->list(whose, {}).value().jobs; });
        const auto beside = persist("reader", [&] {
            auto reader = job_reader::open(file_).value();
            for (const auto& job : listed)
                (void)reader.transitions(whose, job.id).value();
            (void)reader.statistics();
            return reader.list(whose, {}).value().jobs;
        });
        expect(listed == beside, "a reader sees other jobs than the owner");
        for (const auto& job : listed) {
            const auto found = persist("find", [&] { return store_->find(whose, job.id).value(); });
            expect(found == job, "a job reads differently alone");
            known += acknowledged_.count(job.id);
        }
    }
    expect(known == acknowledged_.size(), "an acknowledged job is not listed");
}

void store_script::take_over(job_id orphan) {
    const auto orphans = persist("orphans", [&] { return store_->owner().orphans(); });
    expect(orphans.size() == 1 && orphans.front().key.job == orphan, "another number of orphans");
    for (const auto& one : orphans)
        expect(persist("take over", [&] { return store_->owner().take_over(one.key); }), "not taken over");
}

/// Cancelled jobs may go at once.
void store_script::look_after() {
    while (persist("upkeep", [&] { return store_->owner().upkeep(); })) {
    }
    std::erase_if(acknowledged_, [](const auto& job) { return job.second == job_status::cancelled; });
}

} // namespace waybill::test
