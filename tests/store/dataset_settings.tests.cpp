#include <catch2/catch.hpp>

#include <waybill/dataset_settings.hpp>

#include "sql/connection.hpp"
#include "support/a_job.hpp"
#include "support/temp_store.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

constexpr dataset_output gzipped_csv{dataset_format::csv, dataset_compression::gzip};
constexpr dataset_output zstd_lines{dataset_format::ndjson, dataset_compression::zstd};

dataset_output claimed_output(temp_store& store) {
    return store.owner().claim(1, no_objection).at(0).job.output;
}

std::vector<dataset_settings> settings_of(const temp_store& store, const tenant& owner) {
    return read_dataset_settings(store.file(), owner).value();
}

} // namespace

TEST_CASE("a dataset that nobody set is NDJSON without compression") {
    temp_store store;
    REQUIRE(store->create(acme, a_job("people")).ok());
    CHECK(claimed_output(store) == dataset_output{dataset_format::ndjson, dataset_compression::none});
    CHECK(settings_of(store, acme).empty());
}

TEST_CASE("an attempt has the settings of its dataset as they are when it is claimed") {
    temp_store store;
    REQUIRE(store->create(acme, a_job("people")).ok());
    REQUIRE(store->set_dataset(acme, {"people", gzipped_csv}).ok());
    const auto claimed = store.owner().claim(1, no_objection).at(0);
    CHECK(claimed.job.output == gzipped_csv);
    REQUIRE(store->set_dataset(acme, {"people", zstd_lines}).ok());
    REQUIRE(store.owner().put_back(claimed.key, {}));
    CHECK(claimed_output(store) == zstd_lines);
}

TEST_CASE("the check before an attempt sees the settings of the dataset") {
    temp_store store;
    REQUIRE(store->set_dataset(acme, {"people", gzipped_csv}).ok());
    REQUIRE(store->create(acme, a_job("people")).ok());
    dataset_output seen;
    store.owner().claim(1, [&](const export_job& job) {
        seen = job.output;
        return std::nullopt;
    });
    CHECK(seen == gzipped_csv);
}

TEST_CASE("settings are one tenant's and one dataset's, are listed by dataset, and outlive the opening") {
    temp_store store;
    REQUIRE(store->set_dataset(acme, {"zoo", zstd_lines}).ok());
    REQUIRE(store->set_dataset(acme, {"people", zstd_lines}).ok());
    REQUIRE(store->set_dataset(acme, {"people", gzipped_csv}).ok());
    store.reopen();
    CHECK(settings_of(store, acme) ==
          std::vector<dataset_settings>{{"people", gzipped_csv}, {"zoo", zstd_lines}});
    CHECK(settings_of(store, globex).empty());
    REQUIRE(store->create(globex, a_job("people")).ok());
    CHECK(claimed_output(store) == dataset_output{});
}

TEST_CASE("settings of what can be no dataset are refused") {
    temp_store store;
    for (const auto* const name : {"", "a/b", "..", "a b"})
        CHECK(store->set_dataset(acme, {name, {}}).error().code == errc::invalid);
    CHECK(store->set_dataset(acme, {std::string(65, 'x'), {}}).error().code == errc::invalid);
    CHECK(store->set_dataset({"", "prod"}, {"people", {}}).error().code == errc::invalid);
    CHECK(settings_of(store, acme).empty());
}

TEST_CASE("the settings of a store that is not there, or older, are not read") {
    temp_store store;
    CHECK(read_dataset_settings(store.file().parent_path() / "none.db", acme).error().code ==
          errc::not_found);
    store.close();
    sql::connection(store.file(), sql::access::write)
        .execute("drop table dataset_settings; delete from schema_migrations where version >= 10");
    CHECK(read_dataset_settings(store.file(), acme).error().code == errc::conflict);
}
