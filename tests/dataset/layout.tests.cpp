#include <catch2/catch.hpp>

#include <waybill/dataset_publisher.hpp>
#include <waybill/result.hpp>

#include "dataset/layout.hpp"

using namespace waybill;

TEST_CASE("a dataset's directory keeps letters, digits, _ and - and writes every other byte as %XX") {
    const auto at = dataset_directory("/data", {"1BD@AdobeOrg", "prod_1-a"}, "5b7c_X-1");
    CHECK(at == "/data/1BD%40AdobeOrg/prod_1-a/5b7c_X-1");
    CHECK(dataset_directory("/data", {"\xC3\xA9 %", "a.b"}, "d") == "/data/%C3%A9%20%25/a%2Eb/d");
}

TEST_CASE("no tenant's name leads out of the root") {
    const std::filesystem::path root = "/data/root";
    for (const std::string name : {"..", "../..", "a/b", ".", "/", "/etc", "%2E%2E", "..%2F"}) {
        const auto at = dataset_directory(root, {name, name}, "d");
        CHECK(at.lexically_normal() == at);
        CHECK(at.parent_path().parent_path().parent_path() == root);
    }
}

TEST_CASE("what is no tenant or dataset id has no directory") {
    CHECK_THROWS_AS(dataset_directory("/data", {"", "prod"}, "d"), store_failure);
    CHECK_THROWS_AS(dataset_directory("/data", {"org", ""}, "d"), store_failure);
    for (const std::string id : {"", "..", "a/b", "a.b", "caf\xC3\xA9"})
        CHECK_THROWS_AS(dataset_directory("/data", {"org", "prod"}, id), store_failure);
    CHECK_NOTHROW(dataset_directory("/data", {"org", "prod"}, std::string(64, 'a')));
    CHECK_THROWS_AS(dataset_directory("/data", {"org", "prod"}, std::string(65, 'a')), store_failure);
}

TEST_CASE("the name of a tenant's directory gives the tenant back") {
    std::string every_byte;
    for (int byte = 1; byte <= 80; ++byte)
        every_byte.push_back(static_cast<char>(byte * 3));
    CHECK(dataset::decode_name(dataset::encode_name(every_byte)) == every_byte);
    CHECK(dataset::decode_name("1BD%40AdobeOrg") == "1BD@AdobeOrg");
}

TEST_CASE("a directory that no tenant's name gives is none of ours") {
    for (const auto* name : {"", ".waybill.lock", "a.b", "%", "%4", "%zz", "%2e", "%41", "lost+found"})
        CHECK(dataset::decode_name(name) == std::nullopt);
}

TEST_CASE("only batch- and 32 hex digits is the name of a batch") {
    const std::string id = "0123456789abcdef0123456789abcdef";
    CHECK(dataset::batch_name(id) == "batch-" + id);
    CHECK(dataset::parse_batch_name("batch-" + id) == id);
    CHECK(dataset::parse_batch_name("batch-backup") == std::nullopt);
    CHECK(dataset::parse_batch_name(id) == std::nullopt);
    CHECK_THROWS_AS(dataset::batch_name("../../etc"), store_failure);
}
