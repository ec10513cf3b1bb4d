#include <catch2/catch.hpp>

#include <set>

#include "support/a_job.hpp"
#include "support/temp_store.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

std::set<job_id> ids_of(const std::vector<owned_attempt>& claimed) {
    std::set<job_id> ids;
    for (const auto& attempt : claimed)
        ids.insert(attempt.key.job);
    return ids;
}

} // namespace

TEST_CASE("jobs of a tenant that evaluate the same segment run one after the other") {
    temp_store store;
    const auto evaluating = [&](const tenant& owner, std::string dataset, std::vector<std::string> ids,
                                std::optional<bool> evaluates = true) {
        auto job = a_job(std::move(dataset));
        auto& filter = job.filter.emplace();
        for (auto& id : ids)
            filter.segments.push_back({std::move(id), "ups"});
        job.evaluate_segments = evaluates;
        return store->create(owner, std::move(job)).value().id;
    };
    const auto first = evaluating(acme, "d1", {"a", "b"});
    const auto second = evaluating(acme, "d2", {"c", "b"});
    const auto apart = evaluating(acme, "d3", {"c"});
    const auto reads = evaluating(acme, "d4", {"b"}, false);
    const auto says_nothing = evaluating(acme, "d5", {"a"}, std::nullopt);
    const auto other = evaluating(globex, "d1", {"a", "b"});
    const auto claimed = store.owner().claim(9, no_objection);
    CHECK(ids_of(claimed) == std::set{first, apart, reads, says_nothing, other});
    CHECK(store.owner().claim(9, no_objection).empty());
    for (const auto& attempt : claimed)
        if (attempt.key.job == first) store.owner().fail(attempt.key, {}, "test", "");
    CHECK(store.owner().claim(9, no_objection).empty()); // one that evaluates c is still at work
    for (const auto& attempt : claimed)
        if (attempt.key.job == apart) store.owner().fail(attempt.key, {}, "test", "");
    CHECK(ids_of(store.owner().claim(9, no_objection)) == std::set{second});
}
