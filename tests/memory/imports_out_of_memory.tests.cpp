// The n-th allocation of an import fails, by itself or with those after it, in whichever of its threads: the
// import fails, and run again it ends as if it had run once.
#include <catch2/catch.hpp>

#include <memory>
#include <new>
#include <optional>
#include <sstream>
#include <string>

#include <waybill/profile_store.hpp>

#include "memory/failing_allocations.hpp"
#include "memory/memory_points.hpp"
#include "sql/connection.hpp"
#include "sql/integrity.hpp"
#include "support/a_job.hpp"
#include "support/temp_directory.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

constexpr std::int64_t points = 60;
constexpr int people = 2'500; // some batches

std::string records() {
    std::string text;
    for (int i = 0; i < people; ++i)
        text += i % 500 == 9
                    ? "{\"crm\":\n"
                    : "{\"crm\":\"person " + std::to_string(i) + R"(","a longer name":[1,2,{"b":null}],)" +
                          R"("segmentMembership":{"ups":{"a segment":{"status":"realized"}}}})" + "\n";
    return text;
}

std::string all_rows(const std::filesystem::path& file) {
    sql::connection on(file, sql::access::read);
    CHECK(sql::integrity_problems(on) == std::vector<std::string>{});
    return on.text_of("select group_concat(fragments.id || ' ' || identity || record || segment_id) from "
                      "(select * from fragments order by id) as fragments "
                      "join profiles on profiles.id = fragments.profile_id "
                      "join memberships on memberships.fragment_id = fragments.id");
}

class imports {
  public:
    explicit imports(unsigned threads) {
        options_.owner = acme;
        options_.dataset_id = "crm";
        options_.identities = {*parse_identity_path("crm=CRMID:primary")};
        options_.threads = threads;
        expected_ = (run(0, 0), all_rows(file()));
    }

    void run_everywhere(std::int64_t length) {
        const auto all = run(0, 0);
        CHECK(all > 1'000);
        at_memory_points(points, all, [&](std::int64_t first) {
            INFO("allocation " << first << ", of them " << length);
            run(first, length);
            import({});
            CHECK((all_rows(file()) == expected_));
        });
    }

  private:
    std::filesystem::path file() const { return *place_ / "profiles.db"; }

    void import(const std::optional<std::int64_t>& first, std::int64_t length = 0) {
        auto store = profile_store::open(file());
        std::istringstream input(text_);
        const auto options = options_;
        if (!first) {
            REQUIRE(store->import_profiles(input, options));
            return;
        }
        failing_allocations::begin(*first, length);
        try {
            const failing_allocations::window counts;
            const auto imported = store->import_profiles(input, options);
            ended_ = imported.ok();
        } catch (const std::bad_alloc&) {
        } catch (const store_failure& trouble) {
            if (trouble.why() != store_failure::kind::io) FAIL_CHECK(trouble.what());
        }
    }

    /// In a new store; answers how many allocations were made.
    std::int64_t run(std::int64_t first, std::int64_t length) {
        place_.emplace(fast_place());
        failing_allocations::begin(0, 0);
        ended_ = false;
        import(first, length);
        const auto all = failing_allocations::counted();
        failing_allocations::begin(0, 0);
        CHECK((first != 0 || ended_));
        return all;
    }

    import_options options_;
    const std::string text_ = records();
    std::optional<temp_directory> place_;
    bool ended_ = false;
    std::string expected_;
};

} // namespace

TEST_CASE(
    "an import for which the n-th allocation fails is made good by another, whichever thread it was in") {
    imports(GENERATE(0U, 2U)).run_everywhere(1);
}

TEST_CASE("an import for which a stretch of allocations fails is made good by another") {
    imports(GENERATE(0U, 2U)).run_everywhere(20);
}
