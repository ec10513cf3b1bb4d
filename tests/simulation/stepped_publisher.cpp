#include "simulation/stepped_publisher.hpp"

#include <utility>

#include <waybill/error_codes.hpp>

#include "dataset/housekeeping.hpp"
#include "dataset/placement.hpp"
#include "dataset/publish_error.hpp"
#include "dataset/staged_check.hpp"
#include "support/staged_job.hpp"

namespace waybill::test {

void dataset_troubles::clear() {
    for (const auto& one : obstacles)
        if (contents(one / "manifest.json") == "{}") std::filesystem::remove_all(one);
    obstacles.clear();
}

void stepped_publisher::book(task::kind what, publication which) {
    host_.reached();
    auto& entry = reports_[which.key];
    entry.ticket = ++last_ticket_;
    entry.report = {};
    entry.report.state = publication_state::working;
    tasks_.push_back({what, std::move(which), last_ticket_});
    host_.reached();
}

void stepped_publisher::check(publication what) { book(task::kind::check, std::move(what)); }

void stepped_publisher::place(publication what) { book(task::kind::place, std::move(what)); }

publication_report stepped_publisher::poll(const staging_key& key) {
    host_.reached();
    const auto at = reports_.find(key);
    return at == reports_.end() ? publication_report{} : at->second.report;
}

void stepped_publisher::forget(const staging_key& key) {
    host_.reached();
    reports_.erase(key);
}

void stepped_publisher::look_for_staged() {
    host_.reached();
    tasks_.push_back({task::kind::look});
}

std::vector<staging_key> stepped_publisher::take_staged() {
    host_.reached();
    return std::exchange(staged_, {});
}

void stepped_publisher::remove_staged(std::vector<staging_key> gone) {
    host_.reached();
    tasks_.push_back({task::kind::remove, {}, 0, std::move(gone)});
}

void stepped_publisher::prune_superseded() {
    host_.reached();
    tasks_.push_back({task::kind::prune});
}

std::vector<published_batch> stepped_publisher::survey() {
    host_.reached();
    return dataset::survey(root_);
}

void stepped_publisher::remove_unlisted(const std::vector<std::string>& publishing) {
    host_.reached();
    dataset::remove_unlisted(root_, publishing);
    changed_ = true;
    host_.reached();
}

std::string stepped_publisher::let_happen(bool troubled) {
    if (tasks_.empty()) return "the publisher has nothing to do";
    const auto next = std::move(tasks_.front());
    tasks_.pop_front();
    switch (next.what) {
    case task::kind::check: return let_check(next, troubled);
    case task::kind::place: return let_place(next, troubled);
    case task::kind::prune: return let_prune(troubled);
    case task::kind::look:
        staged_ = dataset::staged_keys(root_);
        return "the publisher looks for what is staged";
    case task::kind::remove:
        troubles_.moved.insert(next.gone.begin(), next.gone.end());
        dataset::remove_staged(root_, next.gone);
        return "the publisher removes " + std::to_string(next.gone.size()) + " staged attempt(s)";
    }
    return {};
}

std::string stepped_publisher::let_check(const task& next, bool troubled) {
    const auto name = to_text(next.which.key);
    if (!reports_.contains(next.which.key)) return "a check of " + name + " that nobody wants";
    if (troubled && choose_.percent(10)) {
        settle(next, dataset::failed_report(errors::output_failed.about("simulated"), choose_.percent(70)));
        return "the check of " + name + " fails";
    }
    auto report = dataset::check_staged(root_, next.which, {}, memberships_.taker());
    if (report.state == publication_state::failed) blame_unless_damaged(next.which.key, report);
    settle(next, std::move(report));
    if (troubled && choose_.percent(6)) obstruct(next.which);
    if (troubled && choose_.percent(4)) lose_staged(next.which);
    return name + " is checked";
}

std::string stepped_publisher::let_place(const task& next, bool troubled) {
    using step = dataset::placement::step;
    const auto name = to_text(next.which.key);
    changed_ = true;
    troubles_.moved.insert(next.which.key);
    if (troubled && choose_.percent(25)) {
        const auto last = static_cast<step>(choose_.between(0, static_cast<int>(step::record)));
        auto report = dataset::placement(root_, next.which, memberships_.taker()).run(last);
        if (choose_.percent(50)) {
            host_.end();
            return "the process ends while it places " + name;
        }
        if (report.state == publication_state::working)
            report = dataset::failed_report(errors::output_failed.about("simulated"), true);
        settle(next, std::move(report));
        return "placing " + name + " fails on the way";
    }
    auto report = place(next, troubled);
    const auto end = report.state;
    if (end == publication_state::lost) blame_unless_damaged(next.which.key, report);
    settle(next, std::move(report));
    return "placing " + name +
           (end == publication_state::placed ? " is done"
            : end == publication_state::lost ? " finds it lost"
                                             : " fails");
}

/// All of it; the taker may fail on the way.
publication_report stepped_publisher::place(const task& next, bool troubled) {
    try {
        return dataset::placement(root_, next.which, taker(troubled)).run();
    } catch (const store_failure& full) {
        promise(troubled && full.why() == store_failure::kind::no_space, full.what());
        return dataset::failed_report(errors::no_space.about("simulated"), true);
    }
}

/// It fails now and then, before it has taken anything or after it has taken everything.
memberships_taker stepped_publisher::taker(bool troubled) {
    if (!troubled || !choose_.percent(10)) return memberships_.taker();
    return [this, takes = choose_.percent(50)](const auto& what, const auto& staged) {
        if (takes) memberships_.take(what, staged);
        throw store_failure(store_failure::kind::no_space, "simulated trouble: the disk is full");
    };
}

std::string stepped_publisher::let_prune(bool troubled) {
    const int last = troubled && choose_.percent(25) ? choose_.between(0, 6) : -1;
    pruner_.begin(now_);
    for (int done = 0; done != last; ++done)
        if (!pruner_.step()) return "the publisher prunes what is superseded";
    host_.end();
    return "the process ends while it prunes what is superseded";
}

/// Nobody took away what an attempt had staged, and yet it is not there.
void stepped_publisher::blame_unless_damaged(const staging_key& key, const publication_report& report) {
    if (!troubles_.damaged.contains(key))
        host_.blame(to_text(key) + " was staged, and is not: " + report.errors.at(0).msg);
}

void stepped_publisher::settle(const task& of, publication_report report) {
    const auto at = reports_.find(of.which.key);
    if (at != reports_.end() && at->second.ticket == of.ticket) at->second.report = std::move(report);
}

/// Something that is not ours stands where the batch should go.
void stepped_publisher::obstruct(const publication& which) {
    const auto place = dataset_of(root_, which) / dataset::batch_name(which.job.batches.back().batch_id);
    if (std::filesystem::exists(place)) return;
    std::filesystem::create_directories(place);
    overwrite(place / "manifest.json", "{}");
    troubles_.obstacles.insert(place);
}

void stepped_publisher::lose_staged(const publication& which) {
    troubles_.damaged.insert(which.key);
    if (evaluates(which.job.id) && choose_.percent(50)) {
        std::filesystem::remove(staging_of(root_, which) / dataset::memberships_name);
        return;
    }
    std::filesystem::remove_all(staging_of(root_, which) /
                                dataset::batch_name(which.job.batches.back().batch_id));
}

} // namespace waybill::test
