#include <waybill/lifecycle.hpp>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <random>

#include "lifecycle/lifecycle_impl.hpp"

namespace waybill {
namespace {

double random_jitter() {
    thread_local std::minstd_rand generator{std::random_device{}()};
    return std::generate_canonical<double, 32>(generator);
}

} // namespace

lifecycle::impl::impl(job_owner& store, waybill::engine& executor, publisher& published,
                      lifecycle_options choices)
    : owner(store), engine(executor), datasets(published), options(std::move(choices)) {
    options.running = std::max<std::size_t>(options.running, 1);
    options.running_per_tenant = std::max<std::size_t>(options.running_per_tenant, 1);
    if (!options.jitter) options.jitter = random_jitter;
}

lifecycle::lifecycle(job_owner& owner, engine& executor, publisher& datasets, lifecycle_options options)
    : self_(std::make_unique<impl>(owner, executor, datasets, std::move(options))) {}

lifecycle::~lifecycle() = default;

void lifecycle::recover(time_point now) { self_->recover(now); }

lifecycle::next_tick lifecycle::tick(time_point now) { return self_->tick(now); }

void lifecycle::stop(time_point now) { self_->stop(now); }

bool lifecycle::stopped() const noexcept { return self_->stopped(); }

lifecycle::next_tick lifecycle::impl::tick(time_point now) {
    due_now = false;
    first_trouble = nullptr;
    despite_trouble([&] { take_up_cancels(now); });
    advance_all(now);
    despite_trouble([&] { release_due(now); });
    if (!stopping()) despite_trouble([&] { claim(now); });
    if (stopping() && now >= *put_back_at) put_back_all();
    despite_trouble([&] { sweep(now); });
    despite_trouble([&] { look_after_store(now); });
    if (first_trouble) std::rethrow_exception(first_trouble);
    return due_after(now);
}

void lifecycle::impl::take_up_cancels(time_point now) {
    for (const auto& key : owner.cancelling()) {
        auto [at, added] = tracks.try_emplace(key);
        auto& track = at->second;
        if (added) track.attempt.key = key;
        if (!added && track.phase == attempt_phase::cancelling) continue;
        track.phase = attempt_phase::cancelling;
        track.deadline = now + options.cancel_grace;
        engine.cancel(key);
        datasets.forget(key);
    }
}

void lifecycle::impl::advance_all(time_point now) {
    bool somebody_ended = false;
    for (auto at = tracks.begin(); at != tracks.end();) {
        bool goes_on = true;
        despite_trouble([&] { goes_on = advance(at->second, now); });
        if (!goes_on) somebody_ended = true;
        at = goes_on ? std::next(at) : tracks.erase(at);
    }
    const bool somebody_waits = std::any_of(tracks.begin(), tracks.end(), [](const auto& entry) {
        return entry.second.phase == attempt_phase::waiting;
    });
    if (somebody_ended && somebody_waits) due_now = true;
}

void lifecycle::impl::release_due(time_point now) {
    for (auto at = held.begin(); at != held.end();) {
        if (at->second > now) {
            ++at;
        } else {
            owner.release(at->first);
            at = held.erase(at);
        }
    }
}

/// A publication that cannot go on for the time being takes nobody's place.
std::size_t lifecycle::impl::at_work() const {
    return static_cast<std::size_t>(std::count_if(
        tracks.begin(), tracks.end(), [](const auto& entry) { return !entry.second.place_failed; }));
}

/// A publication that cannot go on is finished by the next start.
bool lifecycle::impl::stopped() const { return stopping() && at_work() == 0; }

/// How many attempts more the tenant may have.
std::size_t lifecycle::impl::room_of(const tenant& whose) const {
    const auto busy =
        static_cast<std::size_t>(std::count_if(tracks.begin(), tracks.end(), [&](const auto& entry) {
            return !entry.second.place_failed && entry.second.attempt.job.owner == whose;
        }));
    return options.running_per_tenant - std::min(busy, options.running_per_tenant);
}

void lifecycle::impl::make_room(std::size_t claims) {
    while (spare.size() < claims)
        spare.try_emplace(staging_key{.job = static_cast<job_id>(spare.size())});
}

attempt_track& lifecycle::impl::track_claimed(owned_attempt attempt) noexcept {
    auto place = spare.extract(std::prev(spare.end()));
    place.key() = attempt.key;
    place.mapped().attempt = std::move(attempt);
    return tracks.insert(std::move(place)).position->second;
}

void lifecycle::impl::claim(time_point now) {
    if (at_work() >= options.running) return;
    const auto check = [this](const export_job& job) {
        auto objection = engine.check(job);
        if (objection) due_now = true; // the claim may have ended before its slots were full
        return objection;
    };
    const auto room = [this](const tenant& whose) { return room_of(whose); };
    const auto most = options.running - at_work();
    make_room(most);
    // The store says already that they are ours: nothing may keep one of them from being tracked.
    for (auto& attempt : owner.claim(most, check, room)) {
        auto& track = track_claimed(std::move(attempt));
        track.deadline = now + deadline_of(track.attempt.job);
        track.next_progress = now + options.progress_interval;
    }
    for (auto& [key, track] : tracks)
        if (track.phase == attempt_phase::running && !track.submitted)
            despite_trouble([&] { submit(track); });
}

/// What is staged is listed first and the store asked afterwards: a key is in the store before its directory
/// is on disk, so a listed directory whose key the store no longer names belongs to nobody who could publish
/// it.
void lifecycle::impl::sweep(time_point now) {
    if (auto found = datasets.take_staged(); !found.empty()) {
        const auto named = owner.staged_keys();
        std::erase_if(found, [&](const staging_key& key) {
            return std::find(named.begin(), named.end(), key) != named.end() || tracks.contains(key);
        });
        if (!found.empty()) datasets.remove_staged(std::move(found));
    }
    if (now >= sweep_at) {
        datasets.look_for_staged();
        datasets.prune_superseded();
        sweep_at = now + options.sweep_interval;
    }
}

/// One small step, and the next with the next tick, so that whoever waits for the store comes in between.
void lifecycle::impl::look_after_store(time_point now) {
    if (!upkeep_at) upkeep_at = now + options.upkeep_interval;
    if (stopping() || now < *upkeep_at) return;
    upkeep_at = now + options.upkeep_interval;
    if (owner.upkeep()) upkeep_at = now;
}

lifecycle::next_tick lifecycle::impl::due_after(time_point now) const {
    if (due_now) return std::chrono::milliseconds{0};
    auto next = stopping() ? sweep_at : std::min(sweep_at, upkeep_at.value_or(sweep_at));
    if (stopping() && *put_back_at > now) next = std::min(next, *put_back_at);
    const auto engine_interval = engine.poll_interval();
    // News is lost where there is no memory for it, so nothing is waited for without end.
    const auto look_at = now + options.progress_interval;
    for (const auto& [key, track] : tracks) {
        switch (track.phase) {
        case attempt_phase::running: next = std::min(next, track.next_progress); [[fallthrough]];
        case attempt_phase::cancelling:
            next = std::min({next, track.deadline, look_at});
            if (engine_interval) next = std::min(next, now + *engine_interval);
            break;
        case attempt_phase::placing:
        case attempt_phase::checking:
            next = std::min(next, track.place_failed ? track.retry_at : look_at);
            break;
        case attempt_phase::waiting: break; // for one of these
        }
    }
    for (const auto& [job, due] : held)
        next = std::min(next, due);
    return std::max(std::chrono::ceil<std::chrono::milliseconds>(next - now), std::chrono::milliseconds{0});
}

void lifecycle::impl::stop(time_point now) {
    const auto grace = stopping() ? std::chrono::milliseconds{0} : options.stop_grace;
    put_back_at = now + grace;
    if (grace <= std::chrono::milliseconds{0}) put_back_all();
}

void lifecycle::impl::put_back_all() {
    for (auto at = tracks.begin(); at != tracks.end();) {
        auto& track = at->second;
        if (track.phase == attempt_phase::placing || track.phase == attempt_phase::cancelling) {
            ++at;
            continue;
        }
        const auto key = at->first;
        engine.cancel(key);
        // A job that was cancelled in this moment is not put back; the next tick takes that cancel up.
        owner.put_back(
            key, {.uses_attempt = false, .hold = false, .actor = "lifecycle", .reason = "the host stops"});
        forget(key);
        at = tracks.erase(at);
    }
}

std::chrono::milliseconds lifecycle::impl::backoff(std::int64_t tries) const {
    const auto doubled = static_cast<double>(options.first_backoff.count()) *
                         std::exp2(static_cast<double>(std::clamp<std::int64_t>(tries - 1, 0, 60)));
    const auto full = std::min(doubled, static_cast<double>(options.longest_backoff.count()));
    return std::chrono::milliseconds{static_cast<std::int64_t>(full - full / 2 * options.jitter())};
}

void lifecycle::impl::problem(const std::string& sentence) const {
    if (options.on_problem) options.on_problem(sentence);
}

void lifecycle::impl::notice(const std::string& sentence) const {
    if (options.on_notice) options.on_notice(sentence);
}

} // namespace waybill
