// Kills a story of many jobs (sweep_script.cpp) before any of the calls by which it changes its files, or
// after half of a write, and looks at what the next start makes of it. A sample of the points, unless
// WAYBILL_SWEEP_POINTS says how many, or `all`; WAYBILL_SWEEP_SEED repeats a sample.
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
    bool torn = false; ///< the call-th write, after half of it; else before the call-th call

    injected at(const sweep_files& files) const {
        injected faults;
        faults.under = files.kept;
        if (torn) faults.group = "write";
        (torn ? faults.tear : faults.kill) = call;
        return faults;
    }
    std::string text() const {
        return (torn ? "in the middle of write " : "before call ") + std::to_string(call);
    }
};

struct call_counts {
    std::uint64_t calls = 0;
    std::uint64_t writes = 0;

    std::vector<kill_moment> moments() const {
        std::vector<kill_moment> all;
        for (std::uint64_t n = 1; n <= calls; ++n)
            all.push_back({n, false});
        for (std::uint64_t n = 1; n <= writes; ++n)
            all.push_back({n, true});
        return all;
    }
};

/// Of a story without an end before its time; and of the start after it.
struct undisturbed {
    call_counts told;
    call_counts finished;
};

call_counts counts_in(const std::filesystem::path& file) {
    auto counts = read_counts(file);
    return {counts["all"], counts["write"]};
}

undisturbed count_calls(sweep_stage& stage) {
    const auto files = stage.next();
    injected counting;
    counting.under = files.kept;
    undisturbed counted;
    counting.counts = files.kept.parent_path() / "told";
    const auto told = stage.tell(files, counting);
    INFO(told.err);
    REQUIRE(told.code == 0);
    counted.told = counts_in(counting.counts);
    counting.counts = files.kept.parent_path() / "finished";
    REQUIRE(stage.finish(files, counting).code == 0);
    counted.finished = counts_in(counting.counts);
    const auto notes = read_notes(files.notes);
    CHECK(notes.ended);
    CHECK(notes.troubles.empty());
    CHECK(broken_promises(files, notes) == std::vector<std::string>{});
    return counted;
}

/// Which moments, and the sentence that tells of it afterwards.
class sample {
  public:
    sample(std::string points, std::vector<kill_moment> moments)
        : seed_(static_cast<std::uint32_t>(
              std::stoul(from_environment("WAYBILL_SWEEP_SEED", std::to_string(std::random_device{}()))))),
          moments_(std::move(moments)),
          possible_(moments_.size()) {
        if (points == "all") return;
        std::shuffle(moments_.begin(), moments_.end(), std::mt19937(seed_));
        moments_.resize(std::min<std::size_t>(moments_.size(), std::stoul(points)));
        ends_ = steady_clock::now() + std::chrono::seconds{60};
    }

    const std::vector<kill_moment>& moments() const { return moments_; }
    std::uint32_t seed() const { return seed_; }
    /// A sample takes no more than a minute, however slow the disk is.
    bool over() const { return steady_clock::now() > ends_; }

    void tell(int killed, int survived, int losses) const {
        WARN("seed " << seed_ << ": of " << possible_ << " moments killed at " << killed << ", not reached "
                     << survived << "; broken promises at " << losses);
    }

  private:
    std::uint32_t seed_;
    std::vector<kill_moment> moments_;
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
    const sample chosen(from_environment("WAYBILL_SWEEP_POINTS", "60"), counted.told.moments());
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
    const sample chosen(from_environment("WAYBILL_SWEEP_DOUBLE_POINTS", "25"), counted.told.moments());
    const auto starts = counted.finished.moments();
    std::mt19937 choose(chosen.seed());
    int killed = 0;
    int survived = 0;
    int losses = 0;
    for (const auto& moment : chosen.moments()) {
        if (chosen.over()) break;
        const auto& second = starts[choose() % starts.size()];
        INFO("seed " << chosen.seed() << ", killed " << moment.text() << ", then " << second.text());
        const auto files = stage.next();
        stage.tell(files, moment.at(files));
        const auto end = stage.finish(files, second.at(files));
        INFO(end.err);
        CHECK((end.code == sweep_stage::killed || end.code == 0));
        ++(end.code == sweep_stage::killed ? killed : survived);
        const auto next = stage.finish(files);
        INFO(next.err);
        CHECK(next.code == 0);
        if (!check_kept(files)) ++losses;
        stage.clear(files);
    }
    chosen.tell(killed, survived, losses);
    CHECK(killed > survived);
}
