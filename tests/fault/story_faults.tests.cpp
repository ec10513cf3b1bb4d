// The story of the crash sweep with a disk that fails for a stretch of calls, anywhere in it: each trouble is
// told in words, and once the cause is gone everything comes out as it would have without.
#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <random>
#include <system_error>

#include <catch2/catch.hpp>

#include "crash/recovered_state.hpp"
#include "crash/sweep_stage.hpp"

using namespace waybill::test;

namespace {

std::uint32_t chosen_seed() {
    const char* const given = std::getenv("WAYBILL_SWEEP_SEED");
    return given != nullptr ? static_cast<std::uint32_t>(std::stoul(given)) : std::random_device{}();
}

std::uint64_t stretches() {
    const char* const given = std::getenv("WAYBILL_FAULT_STRETCHES");
    return given != nullptr ? std::stoull(given) : 6;
}

class disturbed_stories {
  public:
    disturbed_stories() : seed_(chosen_seed()), choose_(seed_) {
        const auto files = stage_.next();
        injected counting;
        counting.under = files.kept;
        counting.counts = files.kept.parent_path() / "counts";
        REQUIRE(stage_.tell(files, counting).code == 0);
        counts_ = read_counts(counting.counts);
    }

    std::uint32_t seed() const { return seed_; }
    /// A stretch of the calls of one group somewhere in the story, short or long.
    injected anywhere(const std::string& group, int error) {
        injected faults;
        faults.group = group;
        faults.error = error;
        const auto calls = counts_[group.empty() ? "all" : group];
        REQUIRE(calls > 0);
        faults.first = 1 + choose_() % calls;
        constexpr std::array<std::uint64_t, 4> lengths{1, 2, 12, 60};
        faults.last = faults.first + lengths.at(choose_() % lengths.size()) - 1;
        return faults;
    }

    /// Tells the story with these faults, then looks after a start without any.
    sweep_notes tell(injected faults) {
        INFO("seed " << seed_ << ", group '" << faults.group << "', calls " << faults.first << " to "
                     << faults.last << ", error " << faults.error);
        const auto files = stage_.next();
        faults.under = files.kept;
        const auto told = stage_.tell(files, faults);
        auto notes = read_notes(files.notes);
        INFO(read_file(files.notes));
        INFO(told.err);
        CHECK(told.code == 0);
        CHECK(notes.ended);
        const auto next = stage_.finish(files);
        INFO(next.err);
        CHECK(next.code == 0);
        notes = read_notes(files.notes);
        CHECK(broken_promises(files, notes) == std::vector<std::string>{});
        for (const auto& trouble : notes.troubles) {
            INFO(trouble);
            CHECK(trouble.find(files.kept.string()) != std::string::npos);
            CHECK(trouble.find("Success") == std::string::npos);
        }
        stage_.clear(files);
        return notes;
    }

    /// Stretches of all calls, of each group by itself, and of each group's first calls, which open the
    /// store.
    void tell_anywhere(int error) {
        for (std::uint64_t n = 0; n < stretches(); ++n)
            tell(anywhere("", error));
        for (const auto* const group : {"open", "write", "sync", "rename", "remove", "mkdir", "cut"}) {
            auto faults = anywhere(group, error);
            tell(faults);
            faults.last -= faults.first - 1;
            faults.first = 1;
            tell(faults);
        }
    }

  private:
    sweep_stage stage_;
    std::uint32_t seed_;
    std::mt19937 choose_;
    std::map<std::string, std::uint64_t> counts_;
};

bool is_told(const std::vector<std::string>& lines, const std::string& words) {
    return std::any_of(lines.begin(), lines.end(),
                       [&](const auto& line) { return line.find(words) != std::string::npos; });
}

} // namespace

TEST_CASE("a disk that is full for a while, anywhere in a story, only delays it") {
    disturbed_stories().tell_anywhere(ENOSPC);
}

TEST_CASE("a disk that fails for a while, anywhere in a story, only delays it") {
    disturbed_stories().tell_anywhere(EIO);
}

TEST_CASE("a disk that can only be read for a while, anywhere in a story, only delays it") {
    disturbed_stories().tell_anywhere(EROFS);
}

TEST_CASE("writes that the system cuts short are finished and nobody hears of them") {
    disturbed_stories stories;
    auto every_write = stories.anywhere("write", 0);
    every_write.first = 1;
    every_write.last = 1'000'000'000;
    const auto notes = stories.tell(every_write);
    CHECK(notes.troubles == std::vector<std::string>{});
    CHECK(notes.problems == std::vector<std::string>{});
}

TEST_CASE("batches that cannot be renamed after their commit point are told of, and in place in the end") {
    disturbed_stories stories;
    for (const int error : {EIO, ENOSPC, EROFS}) {
        injected faults;
        faults.group = "rename";
        faults.error = error;
        faults.first = 1;
        faults.last = 20;
        const auto notes = stories.tell(faults);
        CHECK(is_told(notes.problems, "cannot be published yet"));
        CHECK(is_told(notes.problems, std::generic_category().message(error)));
    }
}
