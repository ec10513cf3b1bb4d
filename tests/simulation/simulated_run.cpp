#include "simulation/simulated_run.hpp"

#include <algorithm>
#include <array>

namespace waybill::test {
namespace {

using namespace std::chrono_literals;

/// Undoes what was made together, as a disaster in one of the calls does.
struct disaster {};

std::string text_of(const result<cancel_outcome>& answer) {
    if (answer) return "outcome " + std::to_string(static_cast<int>(*answer));
    return "refusal " + std::to_string(static_cast<int>(answer.error().code));
}

} // namespace

simulated_run::simulated_run(std::uint64_t seed) : choose_(seed), host_(choose_) {
    const auto how_many = static_cast<std::size_t>(choose_.between(1, 4));
    for (const auto* const name : {"acme", "globex", "initech", "umbrella"})
        if (tenants_.size() < how_many) tenants_.push_back({name, "prod"});
    datasets_ = {"d1", "d2", "d3"};
    datasets_.resize(static_cast<std::size_t>(choose_.between(1, 3)));
}

void simulated_run::step() {
    take_step();
    host_.process.check_blame();
    if (host_.runs() && host_.process.ended()) {
        host_.crash();
        did("… and the process has ended");
    }
    if (!host_.runs()) host_.start();
    host_.look();
}

void simulated_run::take_step() {
    switch (choose_.weighted({18, 2, 9, 30, 24, 16, 3, 5, 2, 1})) {
    case 0: return create();
    case 1: return create_together();
    case 2: return cancel();
    case 3: return tick();
    case 4: return did(host_.engine.let_happen());
    case 5: return let_publisher_work();
    case 6: return move_clock();
    case 7: return list();
    case 8: return end_process();
    default: return bring_backup_back();
    }
}

new_export_job simulated_run::some_request() {
    new_export_job request;
    request.dataset_id = choose_.pick(datasets_);
    request.schema_name = choose_.percent(4) ? "never" : "_xdm.context.profile";
    request.request_id = "simulated";
    request.segment_per_batch = choose_.percent(30);
    if (request.segment_per_batch) {
        auto& filter = request.filter.emplace();
        for (int left = choose_.between(1, 3); left > 0; --left)
            filter.segments.push_back({"s" + std::to_string(left)});
    }
    return request;
}

void simulated_run::create() {
    const auto& owner = some_tenant();
    const auto request = some_request();
    if (choose_.percent(30)) return create_once(owner, request);
    const auto job = host_.store().create(owner, request).value();
    host_.known.created(job, {});
    made_.push_back({owner, job.id});
    did("create job " + std::to_string(job.id) + " of " + owner.org + " for " + request.dataset_id);
}

void simulated_run::create_once(const tenant& owner, const new_export_job& request) {
    const idempotency_key once{"key-" + std::to_string(choose_.below(6)),
                               choose_.percent(80) ? "same" : "other"};
    const auto expected = host_.known.expect(owner, once, host_.wall);
    const auto answer = host_.store().create(owner, request, once);
    if (expected.known) {
        const auto known = *expected.known;
        const bool as_known =
            answer.ok() ? answer->id == known : known == 0 && answer.error().code == errc::conflict;
        if (as_known) return did("create again under " + once.key);
        promise(expected.either && answer.ok(),
                [&] { return "a create under the known key " + once.key + " is answered otherwise"; });
    }
    promise(answer.ok(), [&] { return "a create under the new key " + once.key + " is refused"; });
    host_.known.created(*answer, once);
    made_.push_back({owner, answer->id});
    did("create job " + std::to_string(answer->id) + " of " + owner.org + " under " + once.key);
}

void simulated_run::create_together() {
    std::vector<export_job> jobs;
    const bool fails = choose_.percent(30);
    try {
        host_.store().together([&] {
            for (int left = choose_.between(1, 5); left > 0; --left)
                jobs.push_back(host_.store().create(some_tenant(), some_request()).value());
            if (fails) throw disaster{};
        });
    } catch (const disaster&) {
        return did("create " + std::to_string(jobs.size()) + " together, which is undone");
    }
    for (const auto& job : jobs) {
        host_.known.created(job, {});
        made_.push_back({job.owner, job.id});
    }
    did("create " + std::to_string(jobs.size()) + " together");
}

void simulated_run::cancel() {
    if (made_.empty()) return did("nothing to cancel");
    // Mostly one of the latest, which is more likely to be unfinished.
    const auto behind = std::min(choose_.below(made_.size()), choose_.below(made_.size()));
    const auto& job = made_[made_.size() - 1 - behind];
    const auto& asker = choose_.percent(95) ? job.owner : some_tenant();
    host_.look();
    const auto expected = host_.known.expected_cancel(asker, job.id, host_.wall);
    const auto answer = host_.store().cancel(asker, job.id);
    did("cancel job " + std::to_string(job.id) + ": " + text_of(answer));
    promise(text_of(answer) == text_of(expected),
            [&] { return "a cancel should have been: " + text_of(expected); });
    if (answer) host_.known.cancelled(job.id, *answer);
}

void simulated_run::tick() {
    static constexpr std::array lengths{0ms,      0ms,      7ms,       1'000ms,    1'000ms,
                                        30'000ms, 61'000ms, 600'000ms, 1'300'000ms};
    const auto later = choose_.pick(lengths);
    const bool ends = choose_.percent(5);
    if (ends) host_.process.end_after(choose_.between(1, 25));
    host_.tick(later);
    did("tick after " + std::to_string(later.count()) + " ms");
}

void simulated_run::move_clock() {
    static constexpr std::array hours{1, -1, 25, -25, 8'760, -8'760};
    const auto by = choose_.pick(hours);
    host_.wall += std::chrono::hours{by};
    host_.known.clock_is(host_.wall);
    did("the clock jumps by " + std::to_string(by) + " hours");
}

void simulated_run::let_publisher_work() { did(host_.publisher->let_happen(true)); }

void simulated_run::list() {
    const auto& owner = some_tenant();
    job_query query;
    query.limit = static_cast<std::size_t>(choose_.between(1, 7));
    if (choose_.percent(30)) query.dataset_id = choose_.pick(datasets_);
    if (choose_.percent(30)) query.statuses = {choose_.pick(all_job_statuses)};
    std::vector<job_id> listed, expected;
    for (bool more = true; more;) {
        const auto page = host_.store().list(owner, query).value();
        for (const auto& job : page.jobs)
            listed.push_back(job.id);
        if (!page.jobs.empty()) query.after = position_of(page.jobs.back());
        more = page.more;
    }
    host_.look();
    for (const auto& [id, job] : host_.known.jobs())
        if (job.owner == owner && (!query.dataset_id || job.dataset_id == *query.dataset_id) &&
            (query.statuses.empty() || query.statuses.front() == job.status))
            expected.insert(expected.begin(), id);
    did("list " + std::to_string(listed.size()) + " job(s)");
    promise(listed == expected, "the list is not what it should be");
}

void simulated_run::end_process() {
    if (choose_.percent(60)) {
        host_.crash();
        return did("crash");
    }
    did(host_.stop() ? "stop" : "stop, cut off by a crash");
}

void simulated_run::bring_backup_back() {
    if (!host_.backup || choose_.percent(30)) {
        host_.back_up();
        return did("back up");
    }
    host_.crash();
    host_.restore();
    did("restore");
}

std::size_t simulated_run::jobs_succeeded() const {
    const auto& jobs = host_.known.jobs();
    return static_cast<std::size_t>(std::count_if(jobs.begin(), jobs.end(), [](const auto& entry) {
        return entry.second.status == job_status::succeeded;
    }));
}

bool simulated_run::all_final() const {
    const auto& jobs = host_.known.jobs();
    return std::all_of(jobs.begin(), jobs.end(),
                       [](const auto& entry) { return is_final(entry.second.status); });
}

void simulated_run::come_to_an_end() {
    did("the troubles end");
    host_.troubles_end();
    host_.work_came = true; // whoever opened it ticks first
    lifecycle::next_tick due = 0ms;
    for (int i = 0; !all_final(); ++i) {
        promise(i < 3'000, "troubles are over, and not every job becomes final");
        while (!host_.publisher->idle()) {
            did(host_.publisher->let_happen(false));
            host_.work_came = true;
        }
        if (host_.engine.finish_all()) host_.work_came = true;
        const auto later = std::exchange(host_.work_came, false) ? 0ms : due.value_or(24h);
        due = host_.tick(later);
        host_.look();
    }
    sweep_everything();
}

/// The next start leaves nothing behind that nobody can publish any more, and the store is whole.
void simulated_run::sweep_everything() {
    promise(host_.stop(), "a stop without troubles is cut off");
    host_.start();
    for (int i = 0; i < 3; ++i) {
        host_.tick(0ms);
        while (!host_.publisher->idle())
            host_.publisher->let_happen(false);
    }
    host_.look_at_the_end();
}

} // namespace waybill::test
