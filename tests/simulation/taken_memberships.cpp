#include "simulation/taken_memberships.hpp"

#include "dataset/layout.hpp"
#include "dataset/memberships_writer.hpp"
#include "protocol/ranks.hpp"
#include "support/staged_job.hpp"

namespace waybill::test {
namespace {

std::string memberships_of(job_id job) { return "memberships of job " + std::to_string(job) + '\n'; }

} // namespace

void stage_evaluated_batch(const std::filesystem::path& root, const publication& what, std::size_t index) {
    if (!evaluates(what.job.id)) return stage_batch(root, what, index, 1);
    const auto staging = staging_of(root, what);
    disk::make_directories(staging);
    std::filesystem::remove(staging / dataset::memberships_name); // of the attempt's other batches: the same
    dataset::memberships_writer memberships(staging);
    memberships.append(memberships_of(what.job.id));
    const dataset::batch_writer::evaluated evaluated{{}, memberships.finish()};
    stage_batch(root, what, index, 1, 1 << 30, &evaluated);
}

void taken_memberships::take(const publication& what, const std::filesystem::path& staged) {
    const auto job = what.job.id;
    promise(contents(staged) == memberships_of(job),
            [&] { return "the memberships of job " + std::to_string(job) + " are not those staged"; });
    const auto [at, first] = since_restore_.emplace(job, what.commit_sequence);
    promise(first || at->second == what.commit_sequence, [&] {
        return "the memberships of job " + std::to_string(job) + " are taken under another commit sequence";
    });
    ever_.insert(job);
}

void taken_memberships::compare(const published_view& view, const ledger& jobs) const {
    for (const auto job : view.shown_jobs())
        promise(!evaluates(job) || ever_.contains(job),
                [&] { return "job " + std::to_string(job) + " shows, and its memberships do not count"; });
    for (const auto& [job, sequence] : since_restore_) {
        promise(sequence > 0 && !jobs.ended_badly().contains(job), [&, id = job] {
            return "the memberships of job " + std::to_string(id) + " count, and it failed or was cancelled";
        });
        const auto at = jobs.jobs().find(job);
        if (at == jobs.jobs().end()) continue; // it succeeded and was removed since
        promise(at->second.status == job_status::succeeded || at->second.publishing,
                [&] { return "the memberships of " + described(at->first, at->second) + " count"; });
    }
}

std::string taken_memberships::text() const {
    std::string text;
    for (const auto job : ever_) {
        text += "memberships of " + std::to_string(job);
        if (const auto at = since_restore_.find(job); at != since_restore_.end())
            text += " c" + ranked_number(at->second);
        text += '\n';
    }
    return text;
}

} // namespace waybill::test
