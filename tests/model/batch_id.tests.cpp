#include <catch2/catch.hpp>

#include <waybill/batch_id.hpp>

#include "support/a_job.hpp"
#include "support/temp_store.hpp"

using namespace waybill;
using namespace waybill::test;

TEST_CASE("the id of a batch tells its job") {
    temp_store store;
    for (int at = 0; at < 20; ++at) {
        const auto job = store->create(acme, a_job()).value();
        CHECK(job_of_batch(job.batches.at(0).batch_id) == job.id);
    }
    CHECK(job_of_batch("0123456789abcdeffffffffffffff000") == 0xffffffffffff);
}

TEST_CASE("what is no batch's id tells no job") {
    for (const auto* const text : {"", "0123456789abcdef0000000000070", "0123456789abcdef00000000000700000",
                                   "0123456789ABCDEF0000000000070000", "0123456789abcdef-000000000070000",
                                   "0123456789abcdef000000000007000g"})
        CHECK(job_of_batch(text) == 0);
}
