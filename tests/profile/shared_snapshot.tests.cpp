#include <catch2/catch.hpp>

#include <sstream>
#include <stop_token>
#include <thread>

#include "profile/profile_schema.hpp"
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
    std::jthread importing([&](const std::stop_token& stop) {
        auto open = profile_store::open(store.file());
        import_options options;
        options.owner = acme;
        options.dataset_id = "crm";
        options.identities = {*parse_identity_path("crm=CRMID")};
        for (int i = 1; !stop.stop_requested(); ++i) {
            std::istringstream one("{\"crm\":" + std::to_string(i) + "}");
            if (!open->import_profiles(one, options)) return;
        }
    });
    // So many that imports come in while the first of them have begun.
    for (int round = 0; round < 40; ++round) {
        profile::shared_snapshot same(store.file(), 48, profile::expect_newest_schema);
        for (std::size_t i = 1; i < same.size(); ++i)
            CHECK(fragments_seen_by(same[i]) == fragments_seen_by(same[0]));
    }
    importing.request_stop();
    importing.join();
    CHECK(profile::shared_snapshot(store.file(), 3, profile::expect_newest_schema).size() == 3);
}
