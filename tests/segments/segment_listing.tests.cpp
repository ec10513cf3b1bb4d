#include <catch2/catch.hpp>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "support/temp_segments.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

using order = segment_query::order;

std::vector<std::string> listed(temp_segments& store, const segment_query& query) {
    std::vector<std::string> ids;
    for (const auto& each : store->list(acme, query).value().definitions)
        ids.push_back(each.id);
    return ids;
}

/// Page by page.
std::vector<std::string> walked(temp_segments& store, segment_query query) {
    std::vector<std::string> ids;
    for (;;) {
        const auto page = listed(store, query);
        if (page.empty()) return ids;
        ids.insert(ids.end(), page.begin(), page.end());
        query.start += static_cast<std::int64_t>(query.limit);
    }
}

} // namespace

TEST_CASE("Definitions are listed by creation, update or name, in either direction") {
    temp_segments store;
    store.add(a_segment("m"), "1");
    store.add(a_segment("z"), "2");
    store.add(a_segment("a"), "3");
    store.now += std::chrono::seconds(1);
    store->update(acme, "2", {}).value();
    using ids = std::vector<std::string>;
    CHECK(listed(store, {}) == ids{"3", "2", "1"});
    CHECK(listed(store, {.descending = false}) == ids{"1", "2", "3"});
    CHECK(listed(store, {.by = order::update_time}) == ids{"2", "3", "1"});
    CHECK(listed(store, {.by = order::update_time, .descending = false}) == ids{"1", "3", "2"});
    CHECK(listed(store, {.by = order::name}) == ids{"2", "1", "3"});
    CHECK(listed(store, {.by = order::name, .descending = false}) == ids{"3", "1", "2"});
}

TEST_CASE("Of definitions whose times are equal the younger comes first, or last, as of others") {
    temp_segments store;
    for (const auto* const id : {"b", "a", "c"})
        store->create(acme, a_segment(id), id).value();
    using ids = std::vector<std::string>;
    for (const auto by : {order::creation_time, order::update_time}) {
        CHECK(listed(store, {.by = by}) == ids{"c", "a", "b"});
        CHECK(listed(store, {.by = by, .descending = false}) == ids{"b", "a", "c"});
    }
}

TEST_CASE("A listing keeps to what evaluationInfo says, and counts what it lets through") {
    temp_segments store;
    const auto add = [&](const std::string& id, const evaluation_methods& methods) {
        auto what = a_segment(id);
        what.evaluation = methods;
        store.add(what, id);
    };
    add("batch", {true, false, false});
    add("stream", {false, true, false});
    add("edge", {false, false, true});
    using ids = std::vector<std::string>;
    CHECK(listed(store, {.batch = true}) == ids{"batch"});
    CHECK(listed(store, {.continuous = true}) == ids{"stream"});
    CHECK(listed(store, {.continuous = false}) == ids{"edge", "batch"});
    CHECK(listed(store, {.synchronous = true}) == ids{"edge"});
    CHECK(listed(store, {.batch = true, .synchronous = true}).empty());
    CHECK(store->list(acme, {.limit = 1, .continuous = false}).value().total == 2);
}

TEST_CASE("A listing has 1 to 100 definitions a page, and begins at 0 or later") {
    temp_segments store;
    for (const auto& wrong :
         {segment_query{.limit = 0}, segment_query{.limit = 101}, segment_query{.start = -1}})
        CHECK(store->list(acme, wrong).error().code == errc::invalid);
    CHECK(store->list(acme, {.limit = 100}).ok());
    CHECK(store->list(acme, {.start = 9}).value().definitions.empty());
}

TEST_CASE("Page by page every definition is met once, in every order, also where times are equal") {
    const auto seed = std::random_device{}();
    INFO("seed " << seed);
    std::mt19937 choose(seed);
    temp_segments store;
    std::vector<std::string> all;
    for (int number = 0; number < 60; ++number) {
        if (choose() % 3 == 0) store.now += std::chrono::milliseconds(1);
        const auto name = std::to_string(choose());
        all.push_back(store->create(acme, a_segment(name), "id " + std::to_string(number)).value().id);
        store->create({"other", "prod"}, a_segment(name)).value();
    }
    for (int updates = 0; updates < 20; ++updates)
        store->update(acme, all[choose() % all.size()], {}).value();
    std::sort(all.begin(), all.end());
    for (const auto by : {order::creation_time, order::update_time, order::name})
        for (const bool descending : {false, true}) {
            const segment_query query{.by = by, .descending = descending, .limit = 1 + choose() % 9};
            auto met = walked(store, query);
            CHECK(met == listed(store, {.by = by, .descending = descending}));
            std::sort(met.begin(), met.end());
            CHECK(met == all);
        }
}
