#include "protocol/explorer.hpp"

#include <algorithm>
#include <utility>

#include "digest/sha256.hpp"
#include "sql/transaction.hpp"

namespace waybill::test {
namespace {

using namespace std::chrono_literals;
using cut = told_publisher::cut;

/// Longer than every backoff, grace and interval of a lifecycle.
constexpr auto long_enough = 11min;
constexpr std::size_t longest_way_allowed = 100;

const char* text_of(cut how_far) {
    switch (how_far) {
    case cut::nothing_moved: return "before it moves anything";
    case cut::one_moved: return "when it has moved one batch";
    case cut::all_moved: return "when it has moved everything";
    case cut::taken: return "when the memberships are taken";
    case cut::recorded: return "when current.json is replaced";
    }
    return "";
}

} // namespace

void explorer::explore() {
    waiting_.push_back({add("first", none, "a store with its jobs").first, world_.first()});
    ++fallen_seen_;
    while (!waiting_.empty()) {
        auto next = std::move(waiting_.back());
        waiting_.pop_back();
        start(std::move(next));
    }
    see_to_rest();
}

void explorer::start(waiting one) {
    const auto id = one.id;
    if (one.host.only_restore) one.host = world_.restored(one.host);
    world_.open(one.host);
    const auto opened = world_.keep();
    nodes_[id].next = branch(id, opened, "start", [&] { world_.recover(); });
    if (!opened.engine.attempts.empty())
        branch(id, opened, "start, and the engine has lost its attempts", [&] {
            world_.engine.lose_all();
            world_.recover();
        });
    world_.close();
}

std::pair<explorer::node_id, bool> explorer::add(const std::string& text, node_id from,
                                                 const std::string& action) {
    const auto [at, fresh] =
        known_.try_emplace(digest::sha256_hex(text), static_cast<node_id>(nodes_.size()));
    if (fresh) nodes_.push_back({from, action});
    return {at->second, fresh};
}

/// Does something, goes into what comes of it, and undoes it all.
template <class Step>
explorer::node_id explorer::branch(node_id at, const moment& before, const std::string& action, Step step) {
    node_id to = at;
    {
        const sql::transaction undone(world_.database());
        bool fresh = false;
        try {
            world_.watch.before_call = [&](const char* call) {
                fall(at, action + ", cut off before: " + call);
            };
            step();
            world_.watch.before_call = {};
            world_.look();
            std::tie(to, fresh) = add(world_.text_of_running(), at, action);
            if (fresh) world_.look_closer();
        } catch (const std::exception& wrong) {
            throw broken_promise(story(at) + "  " + action + "\n  => " + wrong.what());
        }
        ++transitions_;
        if (fresh) {
            nodes_[to].at_rest = world_.at_rest();
            expand(to);
        }
    }
    world_.bring_back(before);
    return to;
}

void explorer::expand(node_id at) {
    const auto before = world_.keep();
    auto next = go_on(at, before);
    if (world_.stopping() && world_.stopped()) next = add_fallen(at, "end in order", true, false);
    nodes_[at].next = next;
    let_engine_fail(at, before);
    let_publisher_fail(at, before);
    meddle(at, before);
    fall(at, "crash");
}

/// What happens without troubles, in each order; answers the first of it that leads anywhere.
explorer::node_id explorer::go_on(node_id at, const moment& before) {
    node_id next = none;
    const auto one_of_them = [&](node_id to) {
        if (next == none && to != at) next = to;
    };
    if (!before.publisher.tasks.empty())
        one_of_them(
            branch(at, before, "the publisher does its next task", [&] { world_.do_publishers_next(); }));
    for (const auto& [key, one] : before.engine.attempts)
        if (one.state == attempt_state::running)
            one_of_them(branch(at, before, to_text(key) + (one.told_to_stop ? " stops" : " is staged"),
                               [&, which = key] { world_.engine.finish(which); }));
    one_of_them(branch(at, before, "tick", [&] { world_.tick(0ms); }));
    // A look at what is staged is done before the next one is due, or there could be any number of them.
    if (!before.publisher.looks())
        one_of_them(branch(at, before, "tick after a while", [&] { world_.tick(long_enough); }));
    return next;
}

void explorer::let_engine_fail(node_id at, const moment& before) {
    auto& left = world_.is.left;
    for (const auto& [key, one] : before.engine.attempts) {
        if (one.state != attempt_state::running) continue;
        const auto name = to_text(key);
        if (one.told_to_stop)
            branch(at, before, name + " is staged although it was told to stop",
                   [&, which = key] { world_.engine.finish_all_the_same(which); });
        if (before.left.transients > 0)
            branch(at, before, name + " fails, this time", [&, which = key] {
                --left.transients;
                world_.engine.fail(which, true);
            });
        if (before.left.permanents > 0)
            branch(at, before, name + " fails for good", [&, which = key] {
                --left.permanents;
                world_.engine.fail(which, false);
            });
    }
    if (before.left.late_stagings == 0) return;
    for (const auto& [key, job] : before.engine.strays)
        branch(at, before, "a stray stages " + to_text(key), [&, which = key] {
            --left.late_stagings;
            world_.engine.let_stray_stage(which);
        });
}

void explorer::let_publisher_fail(node_id at, const moment& before) {
    if (before.publisher.tasks.empty()) return;
    if (before.publisher.tasks.front().prunes && world_.cut_off_pruning()) {
        fall(at, "crash while pruning");
        world_.bring_back(before);
    }
    const auto what = before.publisher.tasks.front().what;
    const bool places = what == publisher_state::kind::place;
    if (!places && what != publisher_state::kind::check) return;
    for (const auto how_far :
         {cut::nothing_moved, cut::one_moved, cut::all_moved, cut::taken, cut::recorded}) {
        if (how_far != cut::nothing_moved && !places) break;
        if (how_far == cut::taken && !evaluates(before.publisher.tasks.front().which->job.id)) continue;
        if (how_far == cut::one_moved && before.publisher.tasks.front().which->job.batches.size() == 1)
            continue;
        if (before.left.transients > 0)
            branch(at, before, std::string(places ? "placing" : "checking") + " fails " + text_of(how_far),
                   [&] {
                       --world_.is.left.transients;
                       if (places) world_.is.taken.insert(before.publisher.tasks.front().which->key);
                       world_.publisher.fail_next(how_far);
                   });
        if (how_far == cut::nothing_moved) continue;
        world_.cut_off_placing(how_far);
        fall(at, std::string("crash while placing, ") + text_of(how_far));
        world_.bring_back(before);
    }
}

/// What clients and operators do, and what befalls the disk.
void explorer::meddle(node_id at, const moment& before) {
    for (const auto& [id, job] : before.known.jobs()) {
        if (is_final(job.status)) continue;
        const bool changes = !job.publishing && job.status != job_status::cancelling;
        if (!changes || before.left.cancels > 0)
            branch(at, before, "cancel job " + std::to_string(id), [&, which = id] { world_.cancel(which); });
    }
    if (before.left.stops > 0 && !world_.stopping()) branch(at, before, "stop", [&] { world_.stop(); });
    if (before.left.restores > 0 && !before.backup) branch(at, before, "back up", [&] { world_.back_up(); });
    if (before.left.lost_answers > 0)
        branch(at, before, "tick, and the commit point's answer is lost",
               [&] { world_.tick_without_answer(); });
    if (before.left.losses > 0)
        for (const auto& key : world_.staged())
            branch(at, before, "the disk loses a batch of " + to_text(key), [&] { world_.lose_staged(key); });
}

void explorer::fall(node_id from, const std::string& action) {
    auto& left = world_.is.left;
    if (left.crashes > 0) {
        --left.crashes;
        add_fallen(from, action, false, false);
        ++left.crashes;
    }
    if (world_.is.backup && left.restores > 0)
        add_fallen(from, action + ", then the backup comes back", false, true);
}

explorer::node_id explorer::add_fallen(node_id from, const std::string& action, bool in_order,
                                       bool only_restore) {
    const auto text = world_.text_of_fallen();
    const auto [id, fresh] = add(only_restore ? text + "to be restored" : text, from, action);
    ++transitions_;
    if (!fresh) return id;
    ++fallen_seen_;
    waiting_.push_back({id, world_.fall(in_order)});
    waiting_.back().host.only_restore = only_restore;
    return id;
}

/// From every state the troubles may end: then each step is the one that `next` tells.
void explorer::see_to_rest() {
    constexpr std::size_t unknown = SIZE_MAX;
    std::vector<std::size_t> way(nodes_.size(), unknown);
    std::vector<node_id> walked;
    for (node_id from = 0; from < nodes_.size(); ++from) {
        walked.clear();
        auto at = from;
        while (way[at] == unknown && !nodes_[at].at_rest) {
            walked.push_back(at);
            at = nodes_[at].next;
            if (at != none && walked.size() <= longest_way_allowed) continue;
            auto told = story(from) + "  the troubles end\n";
            for (const auto step : walked)
                if (step != from)
                    told += "  a state that was first seen after: " + nodes_[step].action + '\n';
            throw broken_promise(told + "  => it does not come to rest");
        }
        if (nodes_[at].at_rest) way[at] = 0;
        for (auto step = way[at]; !walked.empty(); walked.pop_back())
            way[walked.back()] = ++step;
        longest_way_ = std::max(longest_way_, way[from]);
    }
    promise(longest_way_ <= longest_way_allowed, "a way to rest is longer than it may be");
}

std::string explorer::story(node_id at) const {
    std::string told;
    for (; at != none; at = nodes_[at].parent)
        told = "  " + nodes_[at].action + '\n' + told;
    return told;
}

} // namespace waybill::test
