// The n-th allocation of exports under way fails, by itself or with those after it, in whichever of their
// threads: each job ends as it should all the same, published once, right to the row, and nothing is left.
#include <catch2/catch.hpp>

#include "crash/recovered_state.hpp"
#include "crash/sweep_profiles.hpp"
#include "memory/export_story.hpp"
#include "memory/failing_allocations.hpp"
#include "memory/memory_points.hpp"
#include "support/temp_directory.hpp"
#include "json/object_writer.hpp"

using namespace waybill::test;

namespace {

constexpr std::int64_t points = 25;

class export_stories {
  public:
    export_stories() { import_sweep_profiles(place_ / "profiles.db"); }

    /// The allocations of a whole story.
    std::int64_t tell_with(std::int64_t first, std::int64_t length) {
        INFO("allocation " << first << ", of them " << length);
        const auto here = place_ / std::to_string(++count_);
        const sweep_files files{here / "kept", place_ / "profiles.db", here / "notes"};
        std::filesystem::create_directories(files.kept);
        failing_allocations::begin(0, 0);
        REQUIRE_NOTHROW(tell_of_exports(files, [&] { failing_allocations::begin(first, length); }));
        const auto all = failing_allocations::counted();
        failing_allocations::begin(0, 0);
        CHECK(broken_promises(files, read_notes(files.notes)) == std::vector<std::string>{});
        std::filesystem::remove_all(here);
        return all;
    }
    void tell_everywhere(std::int64_t length) {
        const auto all = tell_with(0, 0);
        CHECK(all > 1'000);
        at_memory_points(points, all, [&](std::int64_t first) { tell_with(first, length); });
    }

  private:
    temp_directory place_{fast_place()};
    int count_ = 0;
};

} // namespace

TEST_CASE("a JSON object whose last character has no memory throws, and ends nothing") {
    for (std::size_t length = 0; length < 100; ++length) {
        std::string text;
        const std::string value(length, 'x');
        bool thrown = false;
        failing_allocations::begin(1, 1'000);
        try {
            const failing_allocations::window counts;
            waybill::json::object_writer object(text);
            object.text("a", value);
        } catch (const std::bad_alloc&) {
            thrown = true;
        }
        failing_allocations::begin(0, 0);
        CHECK(thrown == (length > 7)); // as much as a text holds by itself
    }
}

TEST_CASE("exports for which the n-th allocation fails end as they should, published once") {
    export_stories().tell_everywhere(1);
}

TEST_CASE("exports for which a stretch of allocations fails end as they should, published once") {
    export_stories().tell_everywhere(20);
}
