#include <catch2/catch.hpp>

#include <nlohmann/json.hpp>

#include <waybill/json.hpp>

using namespace waybill;
using nlohmann::json;

namespace {

export_job job_at(std::int64_t creation_time, job_id id) {
    export_job job;
    job.id = id;
    job.creation_time = job.update_time = timestamp{std::chrono::milliseconds{creation_time}};
    return job;
}

json written(const job_page& page, const list_request& asked) {
    std::string text;
    append_json(text, page, asked);
    return json::parse(text);
}

std::string next(const list_request& asked) {
    return written({{job_at(1538573416687, 722)}, true}, asked).at("link").at("next");
}

} // namespace

TEST_CASE("An empty page has no offset and nothing that follows") {
    std::string text;
    append_json(text, job_page{}, {});
    CHECK(text ==
          R"({"records":[],"page":{"sortField":"createdTime","sort":"desc","pageOffset":"","pageSize":0},)"
          R"("link":{"next":""}})");
}

TEST_CASE("The last page tells its own offset, but nothing that follows") {
    const auto page =
        written({{job_at(20, 2), job_at(10, 1)}, false}, {.has_limit = true, .query = {.limit = 2}});
    CHECK(page.at("records").size() == 2);
    CHECK(page.at("page") ==
          json{{"sortField", "createdTime"}, {"sort", "desc"}, {"pageOffset", "10_1"}, {"pageSize", 2}});
    CHECK(page.at("link") == json{{"next", ""}});
}

TEST_CASE("The link to what follows repeats the limit and every filter, percent-encoded") {
    CHECK(next({.has_limit = true, .query = {.limit = 2}}) ==
          "/export/jobs/?limit=2&offset=1538573416687_722");
    CHECK(next({.has_limit = true,
                .query = {.limit = 7, .after = cursor{9, 9}, .statuses = {job_status::failed}}}) ==
          "/export/jobs/?limit=7&offset=1538573416687_722&status=FAILED");
    CHECK(next({.has_limit = true,
                .query = {.limit = 1, .statuses = {job_status::new_, job_status::succeeded}}}) ==
          "/export/jobs/?limit=1&offset=1538573416687_722&status=NEW%2CSUCCEEDED");
    CHECK(next({.has_limit = false, .query = {.limit = 500, .statuses = {job_status::cancelled}}}) ==
          "/export/jobs/?offset=1538573416687_722&status=CANCELLED");
    CHECK(next({.has_limit = true,
                .query = {.limit = 1,
                          .segment_id = "a & \xc3\xa4",
                          .dataset_id = "d-1",
                          .created_after = timestamp{std::chrono::milliseconds{5}},
                          .created_before = timestamp{std::chrono::milliseconds{70}}}}) ==
          "/export/jobs/?limit=1&offset=1538573416687_722&segmentId=a%20%26%20%C3%A4&datasetId=d-1"
          "&createdAfter=5&createdBefore=70");
}

TEST_CASE("A page that is streamed in pieces is the same text") {
    const job_page page{{job_at(30, 3), job_at(20, 2), job_at(10, 1)}, false};
    std::string whole;
    append_json(whole, page, {});

    std::string pieces;
    append_page_head(pieces);
    for (std::size_t i = 0; i < page.jobs.size(); ++i) {
        if (i != 0) pieces += ',';
        append_json(pieces, page.jobs[i]);
    }
    append_page_tail(pieces, page.jobs.size(), "10_1", "");
    CHECK(pieces == whole);
}
