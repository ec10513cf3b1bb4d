// The n-th allocation of a store's life fails, by itself or with those after it: nothing acknowledged is
// lost, nothing half-written is seen, and the store goes on as soon as there is memory.
#include <catch2/catch.hpp>

#include <waybill/store_checkup.hpp>

#include "memory/memory_points.hpp"
#include "memory/store_script.hpp"
#include "sql/integrity.hpp"
#include "support/temp_directory.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

constexpr std::int64_t points = 75;

void check_whole(const export_job& job, const std::vector<job_transition>& moves) {
    INFO("job " << job.id);
    CHECK(job.batches.size() == (job.request.segment_per_batch ? job.request.filter->segments.size() : 1));
    auto plain = a_job(job.request.dataset_id);
    plain.merge_policy = job.request.merge_policy; // the store names the one that applies
    CHECK((job.request == plain || job.request.filter == a_full_job().filter));
    REQUIRE_FALSE(moves.empty());
    CHECK_FALSE(moves.front().from);
    for (std::size_t i = 1; i < moves.size(); ++i)
        CHECK(moves[i].from == moves[i - 1].to);
    CHECK(moves.back().to == job.status);
    CHECK((job.status == job_status::failed) == !job.errors.empty());
}

void check_store(const store_script& script) {
    CHECK(script.complaints() == std::vector<std::string>{});
    const auto file = script.options().file;
    {
        sql::connection look(file, sql::access::read);
        CHECK(sql::integrity_problems(look) == std::vector<std::string>{});
    }
    CHECK(check_counts(file).value() == std::vector<std::string>{});
    auto store = job_store::open(script.options()).value();
    auto reader = job_reader::open(file).value();
    std::size_t found = 0;
    std::size_t unknown = 0;
    job_id newest = 0;
    for (const auto& whose : {acme, globex})
        for (const auto& job : store.list(whose, {}).value().jobs) {
            check_whole(job, reader.transitions(whose, job.id).value());
            newest = std::max(newest, job.id);
            const auto known = script.acknowledged().find(job.id);
            if (known == script.acknowledged().end()) {
                ++unknown;
                continue;
            }
            ++found;
            CHECK(job.status == known->second);
        }
    CHECK(found == script.acknowledged().size());
    CHECK(unknown <= static_cast<std::size_t>(2 * script.repetitions()));
    CHECK(store.create(acme, a_job()).value().id > newest);
}

/// The allocations of a whole run.
std::int64_t run_with(std::int64_t first, std::int64_t length) {
    const temp_directory folder(fast_place());
    store_script script(folder / "jobs.db");
    INFO("allocation " << first << ", of them " << length);
    failing_allocations::begin(first, length);
    REQUIRE_NOTHROW(script.run());
    const auto all = failing_allocations::counted();
    failing_allocations::begin(0, 0);
    check_store(script);
    return all;
}

void run_everywhere(std::int64_t length) {
    const auto all = run_with(0, 0);
    CHECK(all > 1'000);
    at_memory_points(points, all, [&](std::int64_t first) { run_with(first, length); });
}

} // namespace

TEST_CASE("a store for which the n-th allocation fails loses nothing and goes on") { run_everywhere(1); }

TEST_CASE("a store for which a stretch of allocations fails loses nothing and goes on") {
    run_everywhere(20);
}
