#include <catch2/catch.hpp>

#include "jobs_routes.hpp"

using namespace waybill::http;

namespace {

match found(std::string_view method, std::string_view path) { return find_route(routes(), method, path); }

} // namespace

TEST_CASE("A route is found with and without the slash at the end") {
    const auto* const plain = found("GET", "/data/core/ups/export/jobs").found;
    REQUIRE(plain != nullptr);
    CHECK(found("GET", "/data/core/ups/export/jobs/").found == plain);
    CHECK(found("HEAD", "/data/core/ups/export/jobs").found == plain);
    CHECK(found("GET", "/data/core/ups/export/jobs//").found == nullptr);
    CHECK(found("GET", "/data/core/ups//export/jobs").found == nullptr);
}

TEST_CASE("What stands in a path is handed on decoded") {
    CHECK(found("GET", "/data/core/ups/export/jobs/12").arguments == std::vector<std::string>{"12"});
    CHECK(found("GET", "/data/core/ups/export/jobs/1%2F2/").arguments == std::vector<std::string>{"1/2"});
    CHECK(found("GET", "/data/core/ups/%65xport/jobs").found != nullptr);
    CHECK(found("GET", "/data/core/ups/export/jobs/%zz").allowed.empty());
}

TEST_CASE("A path that is there says which methods it has") {
    CHECK(found("PUT", "/data/core/ups/export/jobs").found == nullptr);
    CHECK(found("PUT", "/data/core/ups/export/jobs").allowed == "GET, HEAD, POST, OPTIONS");
    CHECK(found("PUT", "/data/core/ups/export/jobs/1").allowed == "GET, HEAD, DELETE, OPTIONS");
    CHECK(found("PUT", "/healthz").allowed == "GET, HEAD, OPTIONS");
    CHECK(found("get", "/healthz").found == nullptr);
}

TEST_CASE("A path that is not there has no methods") {
    for (const auto* const path :
         {"/", "", "/data", "/data/core/ups/export/jobs/1/again", "/metric", "*", "jobs"}) {
        CAPTURE(path);
        CHECK(found("GET", path).allowed.empty());
    }
}

TEST_CASE("A job's id is a positive plain decimal") {
    CHECK(parse_job_id("1") == 1);
    CHECK(parse_job_id("9223372036854775807") == 9'223'372'036'854'775'807);
    for (const auto* const text :
         {"", "0", "-1", "+1", "1.0", "one", "9223372036854775808", " 1", "1 ", "0x1"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_job_id(text));
    }
}

TEST_CASE("An entity tag follows from the text alone") {
    CHECK(entity_tag("a") == entity_tag("a"));
    CHECK(entity_tag("a") != entity_tag("b"));
    CHECK(entity_tag("a").front() == '"');
    CHECK(entity_tag("a").back() == '"');
}
