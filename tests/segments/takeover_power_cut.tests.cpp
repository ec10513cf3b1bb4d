// The power goes while memberships are taken over, at each change of the segment store's files: those of each
// publication are in as a whole or not at all, what was acknowledged is there, and taking over again, as the
// next start does, comes to the same end.
#include <catch2/catch.hpp>

#include <array>
#include <fstream>

#include "segments/staged_memberships.hpp"
#include "sql/connection.hpp"
#include "sql/integrity.hpp"
#include "support/power_cut_disk.hpp"
#include "support/temp_segments.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

constexpr int people = 300; // more than a page of them

/// An evaluation of two segments that waits to be taken over.
struct staged_run {
    std::int64_t sequence;
    timestamp now;
    membership_status in_a; ///< everybody
    membership_status in_b;
};

const timestamp began{std::chrono::milliseconds{1'700'000'000'000}};
const std::array runs{
    staged_run{1, began, membership_status::realized, membership_status::realized},
    staged_run{2, began + std::chrono::hours{1}, membership_status::existing, membership_status::exited}};

std::filesystem::path stage(const std::filesystem::path& folder, const staged_run& run) {
    std::string text;
    append_line(text, segments::staged_evaluation{"mp", run.now, {"a", "b"}});
    for (int i = 0; i < people; ++i)
        for (const std::size_t segment : {0U, 1U})
            append_line(text, segments::membership_change{"crmid",
                                                          std::to_string(i),
                                                          segment,
                                                          false,
                                                          segment == 0 ? run.in_a : run.in_b,
                                                          run.now,
                                                          {}});
    const auto file = folder / std::to_string(run.sequence);
    std::ofstream(file, std::ios::binary) << text;
    return file;
}

void take_all(segment_store& store, const std::filesystem::path& staged, std::int64_t& taken) {
    for (const auto& run : runs) {
        store.take_memberships(acme, run.sequence, run.sequence, staged / std::to_string(run.sequence));
        taken = run.sequence;
    }
}

struct closed_store : temp_segments {
    closed_store() { close(); }
};

/// Begins with a store that was closed in order, on a disk whose power goes.
class cut_segments {
  public:
    explicit cut_segments(std::uint32_t seed) : disk(seed) {
        static const closed_store made;
        for (const char* const end : {"", ".lock"})
            std::filesystem::copy_file(made.file().string() + end, file().string() + end);
        disk.keep_as_it_is(file().string() + ".lock");
    }

    /// Takes all over until the power goes at this change; false when the work ended before that.
    bool take_until(std::int64_t change, const std::filesystem::path& staged) {
        disk.cut_at(change);
        try {
            auto store = open();
            take_all(store, staged, taken);
            if (!disk.cut_off()) disk.cut(); // the end in order comes too late
        } catch (const store_failure&) {
            if (!disk.cut_off()) throw;
        }
        disk.power_back();
        return taken < runs.back().sequence;
    }
    /// The publication whose memberships are there; 0: none. They are whole.
    std::int64_t found() const {
        sql::connection look(file(), sql::access::read);
        CHECK(sql::integrity_problems(look) == std::vector<std::string>{});
        const auto all = look.integer_of("select count(*) from members");
        if (all == 0) return 0;
        CHECK(all == 2 * people);
        const auto run = look.integer_of("select max(commit_sequence) from evaluated_segments");
        CHECK(run == look.integer_of("select min(commit_sequence) from evaluated_segments"));
        for (const auto& one : runs)
            if (one.sequence == run) CHECK(holds(look, one));
        return run;
    }
    segment_store open() const { return segment_store::open({.file = file()}).value(); }

    std::int64_t taken = 0; ///< the publication that was acknowledged last

  private:
    static bool holds(sql::connection& look, const staged_run& run) {
        const auto of = [&](const std::string& segment, membership_status status) {
            return look.integer_of(
                "select count(*) from members join evaluated_segments as of on of.id = members.segment_id "
                "where of.segment_id = '" +
                segment + "' and status = '" + std::string(to_text(status)) +
                "' and qualified_at = " + std::to_string(run.now.time_since_epoch().count()));
        };
        return of("a", run.in_a) == people && of("b", run.in_b) == people;
    }
    std::filesystem::path file() const { return directory_ / "segments.db"; }

    temp_directory directory_{fast_place()};
    power_cut_disk disk;
};

} // namespace

TEST_CASE("Memberships that were taken over outlive a power cut, the others are there whole or not at all") {
    const auto seed = GENERATE(range(0U, 3U));
    const temp_directory staged(fast_place());
    for (const auto& run : runs)
        stage(staged.path(), run);
    int cuts = 0;
    bool was_cut = true;
    for (std::int64_t change = 1; was_cut; change += 3, ++cuts) {
        const auto own_seed = seed + static_cast<std::uint32_t>(change);
        INFO("seed " << own_seed << ", change " << change);
        cut_segments on(own_seed);
        was_cut = on.take_until(change, staged.path());
        CHECK(on.found() >= on.taken);
        std::int64_t again = 0;
        auto next = on.open();
        take_all(next, staged.path(), again);
        CHECK(on.found() == runs.back().sequence);
    }
    CHECK(cuts > 10);
}
