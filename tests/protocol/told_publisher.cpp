#include "protocol/told_publisher.hpp"

#include <utility>

#include <waybill/error_codes.hpp>

#include "dataset/housekeeping.hpp"
#include "dataset/pruning.hpp"
#include "dataset/publish_error.hpp"
#include "dataset/staged_check.hpp"
#include "protocol/ranks.hpp"
#include "support/staged_job.hpp"

namespace waybill::test {

using kind = publisher_state::kind;

std::string publisher_state::text() const {
    std::string text;
    for (const auto& one : tasks) {
        text += "task " + std::to_string(static_cast<int>(one.what));
        if (one.which) {
            const auto at = reports.find(one.which->key);
            text += ' ' + described_key(one.which->key) + " c" + ranked_number(one.which->commit_sequence) +
                    (at != reports.end() && at->second.ticket == one.ticket ? " wanted" : "");
        }
        if (one.prunes) text += " prunes";
        for (const auto& key : one.gone)
            text += ' ' + described_key(key);
        text += '\n';
    }
    for (const auto& [key, one] : reports)
        text += "report " + described_key(key) + ' ' + std::to_string(static_cast<int>(one.report.state)) +
                (one.report.transient ? " transient\n" : "\n");
    for (const auto& key : staged)
        text += "found " + described_key(key) + '\n';
    return text;
}

void told_publisher::book(kind what, publication which) {
    watch_.at(what == kind::check ? "check" : "place");
    auto& entry = state_.reports[which.key];
    entry.ticket = ++state_.last_ticket;
    entry.report = {};
    entry.report.state = publication_state::working;
    state_.tasks.push_back(
        {what, std::make_shared<const publication>(std::move(which)), state_.last_ticket, {}});
}

publication_report told_publisher::poll(const staging_key& key) {
    watch_.at("poll the publisher");
    const auto at = state_.reports.find(key);
    return at == state_.reports.end() ? publication_report{} : at->second.report;
}

void told_publisher::forget(const staging_key& key) {
    watch_.at("forget at the publisher");
    state_.reports.erase(key);
}

void told_publisher::look_for_staged() {
    watch_.at("look for what is staged");
    state_.tasks.push_back({});
}

std::vector<staging_key> told_publisher::take_staged() {
    watch_.at("take what is staged");
    return std::exchange(state_.staged, {});
}

void told_publisher::remove_staged(std::vector<staging_key> gone) {
    watch_.at("remove what is staged");
    state_.tasks.push_back({kind::remove, nullptr, 0, std::move(gone)});
}

void told_publisher::prune_superseded() {
    watch_.at("prune what is superseded");
    for (auto& one : state_.tasks)
        one.prunes = one.what == kind::look;
}

std::vector<published_batch> told_publisher::survey() {
    watch_.at("survey");
    return dataset::survey(root_);
}

void told_publisher::remove_unlisted(const std::vector<std::string>& publishing) {
    watch_.at("remove what is not listed");
    dataset::remove_unlisted(root_, publishing);
    files_changed_ = true;
}

publisher_state::task told_publisher::take_next() {
    auto next = std::move(state_.tasks.front());
    state_.tasks.pop_front();
    return next;
}

told_publisher::done_task told_publisher::do_next() {
    const auto next = take_next();
    publication_report report;
    switch (next.what) {
    case kind::look:
        state_.staged = dataset::staged_keys(root_);
        if (next.prunes) prune(std::nullopt);
        return {};
    case kind::remove:
        dataset::remove_staged(root_, next.gone);
        files_changed_ = true;
        return {};
    case kind::check:
        if (!state_.reports.contains(next.which->key)) return {}; // nobody wants it any more
        report = dataset::check_staged(root_, *next.which, {}, memberships_.taker());
        break;
    case kind::place:
        report = placement_of(*next.which).run();
        files_changed_ = true;
        break;
    }
    done_task done{next.which->key, report.state, report.errors.empty() ? "" : report.errors.front().msg};
    settle(next, std::move(report));
    return done;
}

void told_publisher::fail_next(cut how_far) {
    const auto next = take_next();
    if (next.what == kind::place) place_until(*next.which, how_far);
    settle(next, dataset::failed_report(errors::output_failed.about("told to fail"), true));
}

void told_publisher::cut_off_next(cut how_far) { place_until(*take_next().which, how_far); }

void told_publisher::cut_off_pruning(int steps) {
    take_next();
    prune(steps);
}

/// So many steps of a pass, or all.
void told_publisher::prune(std::optional<int> steps) {
    files_changed_ = true;
    dataset::pruning pass(root_, std::chrono::milliseconds{0});
    pass.begin({});
    for (int done = 0; done != steps.value_or(-1) && pass.step(); ++done) {
    }
}

void told_publisher::place_until(const publication& which, cut how_far) {
    using step = dataset::placement::step;
    files_changed_ = true;
    if (how_far == cut::nothing_moved) return;
    if (how_far == cut::one_moved) {
        const auto name = dataset::batch_name(which.job.batches.front().batch_id);
        const auto staged = staging_of(root_, which) / name;
        const auto report = placement_of(which).run(step::inspect);
        if (report.state == publication_state::working && std::filesystem::exists(staged))
            std::filesystem::rename(staged, dataset_of(root_, which) / name);
        return;
    }
    placement_of(which).run(how_far == cut::all_moved ? step::move
                            : how_far == cut::taken   ? step::take
                                                      : step::record);
}

dataset::placement told_publisher::placement_of(const publication& which) {
    return {root_, which, memberships_.taker()};
}

void told_publisher::settle(const publisher_state::task& of, publication_report report) {
    const auto at = state_.reports.find(of.which->key);
    if (at != state_.reports.end() && at->second.ticket == of.ticket) at->second.report = std::move(report);
}

} // namespace waybill::test
