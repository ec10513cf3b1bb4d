#include <catch2/catch.hpp>

#include <atomic>
#include <thread>

#include "profile/shared_snapshot.hpp"
#include "support/profile_fixture.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

std::int64_t fragments_seen_by(sql::connection& on) {
    return on.integer_of("select count(*) from fragments");
}

} // namespace

TEST_CASE("All connections of a snapshot see the same, also while imports come in") {
    temp_profiles store;
    store.profiles(R"({"crm":"0"})");
    std::atomic<bool> enough = false;
    std::thread importing([&] {
        for (int i = 1; i < 2'000 && !enough; ++i)
            store.profiles("{\"crm\":\"" + std::to_string(i) + "\"}");
    });
    for (int round = 0; round < 30; ++round) {
        profile::shared_snapshot same(store.file(), 4);
        for (std::size_t i = 1; i < same.size(); ++i)
            CHECK(fragments_seen_by(same[i]) == fragments_seen_by(same[0]));
    }
    enough = true;
    importing.join();
    CHECK(profile::shared_snapshot(store.file(), 3).size() == 3);
}
