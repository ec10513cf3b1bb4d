// Kills a story of many jobs (sweep_script.cpp) before any of the calls by which it changes its files, or
// after half of a write, and looks at what the next start makes of it. A sample of the points that takes a
// minute at the most, unless WAYBILL_SWEEP_POINTS says how many, or `all`; WAYBILL_SWEEP_SEED repeats one.
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <random>

#include <catch2/catch.hpp>

#include "crash/recovered_state.hpp"
#include "crash/sweep_stage.hpp"

using namespace waybill::test;

namespace {

using std::chrono::steady_clock;

std::string from_environment(const char* name, const std::string& otherwise) {
    const char* const value = std::getenv(name);
    return value != nullptr ? value : otherwise;
}

/// One moment of a story at which it is killed.
struct kill_moment {
    std::uint64_t call = 0;
    std::string group{};    ///< of the call; empty: any
    bool torn = false;      ///< after half of the call; else before it
    std::string below = {}; ///< only calls on what begins so, in what is kept

    injected at(const sweep_files& files) const {
        injected faults;
        faults.under = files.kept / below;
        faults.group = group;
        (torn ? faults.tear : faults.kill) = call;
        return faults;
    }
    std::string text() const {
        return std::string(torn ? "in the middle of " : "before ") + (group.empty() ? "call" : group) + ' ' +
               std::to_string(call) + (below.empty() ? "" : " below " + below);
    }
};

using kill_moments = std::vector<kill_moment>;

kill_moments up_to(std::uint64_t count, const kill_moment& like) {
    kill_moments all(count, like);
    for (std::uint64_t n = 0; n < count; ++n)
        all[n].call = n + 1;
    return all;
}

/// What there is in a story, and in the start after it, when nothing ends them before their time.
struct undisturbed {
    kill_moments calls;  ///< before each
    kill_moments writes; ///< in the middle of each
    // Once more those on which much depends and that are few among all:
    kill_moments datasets; ///< before each call below the datasets
    kill_moments parts;    ///< in the middle of each write there
    kill_moments renames;  ///< before each rename
    kill_moments start;    ///< all moments of the start after the story
};

undisturbed count_calls(sweep_stage& stage) {
    undisturbed counted;
    for (const std::string below : {"datasets", ""}) {
        const auto files = stage.next();
        injected counting;
        counting.under = files.kept / below;
        counting.counts = files.kept.parent_path() / "told";
        const auto told = stage.tell(files, counting);
        INFO(told.err);
        REQUIRE(told.code == 0);
        auto counts = read_counts(counting.counts);
        if (!below.empty()) {
            counted.datasets = up_to(counts["all"], {0, "", false, below});
            counted.parts = up_to(counts["write"], {0, "write", true, below});
            continue;
        }
        counted.calls = up_to(counts["all"], {});
        counted.writes = up_to(counts["write"], {0, "write", true});
        counted.renames = up_to(counts["rename"], {0, "rename"});
        counting.counts = files.kept.parent_path() / "finished";
        REQUIRE(stage.finish(files, counting).code == 0);
        counts = read_counts(counting.counts);
        counted.start = up_to(counts["all"], {});
        const auto torn = up_to(counts["write"], {0, "write", true});
        counted.start.insert(counted.start.end(), torn.begin(), torn.end());
        const auto notes = read_notes(files.notes);
        CHECK(notes.ended);
        CHECK(notes.troubles.empty());
        CHECK(broken_promises(files, notes) == std::vector<std::string>{});
    }
    return counted;
}

/// Which moments, and the sentence that tells of it afterwards.
class sample {
  public:
    sample(const char* variable, const std::string& usual, const undisturbed& counted)
        : seed_(static_cast<std::uint32_t>(
              std::stoul(from_environment("WAYBILL_SWEEP_SEED", std::to_string(std::random_device{}()))))),
          possible_(counted.calls.size() + counted.writes.size()) {
        const auto points = from_environment(variable, usual);
        if (points == "all") {
            take(counted.calls, counted.calls.size());
            take(counted.writes, counted.writes.size());
            return;
        }
        std::mt19937 choose(seed_);
        for (auto from : {counted.calls, counted.writes, counted.datasets, counted.parts, counted.renames}) {
            std::shuffle(from.begin(), from.end(), choose);
            take(from, std::stoul(points) / 5);
        }
        std::shuffle(moments_.begin(), moments_.end(), choose);
        if (std::getenv(variable) == nullptr) ends_ = steady_clock::now() + std::chrono::seconds{60};
    }

    const kill_moments& moments() const { return moments_; }
    std::uint32_t seed() const { return seed_; }
    /// The usual sample takes no more than a minute, however slow the machine is.
    bool over() const { return steady_clock::now() > ends_; }

    void tell(int killed, int survived, int losses) const {
        WARN("seed " << seed_ << ": of " << possible_ << " moments killed at " << killed << ", not reached "
                     << survived << "; broken promises at " << losses);
    }

  private:
    void take(const kill_moments& from, std::size_t most) {
        moments_.insert(moments_.end(), from.begin(),
                        from.begin() + static_cast<std::ptrdiff_t>(std::min(most, from.size())));
    }

    std::uint32_t seed_;
    kill_moments moments_;
    std::size_t possible_;
    steady_clock::time_point ends_ = steady_clock::time_point::max();
};

/// True when every promise was kept.
bool check_kept(const sweep_files& files) {
    const auto broken = broken_promises(files, read_notes(files.notes));
    INFO(read_file(files.notes));
    CHECK(broken == std::vector<std::string>{});
    return broken.empty();
}

} // namespace

TEST_CASE("a story killed at any call that changes a file breaks no promise after the next start") {
    sweep_stage stage;
    const auto counted = count_calls(stage);
    const sample chosen("WAYBILL_SWEEP_POINTS", "80", counted);
    int killed = 0;
    int survived = 0;
    int losses = 0;
    for (const auto& moment : chosen.moments()) {
        if (chosen.over()) break;
        INFO("seed " << chosen.seed() << ", killed " << moment.text());
        const auto files = stage.next();
        const auto end = stage.tell(files, moment.at(files));
        INFO(end.err);
        CHECK((end.code == sweep_stage::killed || end.code == 0));
        ++(end.code == sweep_stage::killed ? killed : survived);
        CHECK_FALSE(shows_what_does_not_count(files));
        const auto next = stage.finish(files);
        INFO(next.err);
        CHECK(next.code == 0);
        if (!check_kept(files)) ++losses;
        stage.clear(files);
    }
    chosen.tell(killed, survived, losses);
    CHECK(killed > survived);
}

TEST_CASE("a start that is killed while it takes up what a killed host left breaks no promise either") {
    sweep_stage stage;
    const auto counted = count_calls(stage);
    const sample chosen("WAYBILL_SWEEP_DOUBLE_POINTS", "25", counted);
    std::mt19937 choose(chosen.seed());
    int killed = 0;
    int survived = 0;
    int losses = 0;
    for (const auto& moment : chosen.moments()) {
        if (chosen.over()) break;
        const auto& second = counted.start[choose() % counted.start.size()];
        INFO("seed " << chosen.seed() << ", killed " << moment.text() << ", then " << second.text());
        const auto files = stage.next();
        stage.tell(files, moment.at(files));
        const auto end = stage.finish(files, second.at(files));
        INFO(end.err);
        CHECK((end.code == sweep_stage::killed || end.code == 0));
        ++(end.code == sweep_stage::killed ? killed : survived);
        CHECK_FALSE(shows_what_does_not_count(files));
        const auto next = stage.finish(files);
        INFO(next.err);
        CHECK(next.code == 0);
        if (!check_kept(files)) ++losses;
        stage.clear(files);
    }
    chosen.tell(killed, survived, losses);
    CHECK(killed > survived);
}
