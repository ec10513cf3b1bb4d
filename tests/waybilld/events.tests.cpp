#include <catch2/catch.hpp>

#include <sstream>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include "job_events.hpp"
#include "undriven_server.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

struct event {
    std::string id;
    std::string name;
    nlohmann::json data;
};

/// The events of a stream, or of a piece of one; comments are left out.
std::vector<event> events_of(const std::string& text) {
    std::vector<event> events;
    event next;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("id: ")) next.id = line.substr(4);
        if (line.starts_with("event: ")) next.name = line.substr(7);
        if (line.starts_with("data: ")) next.data = nlohmann::json::parse(line.substr(6));
        if (line.empty() && !next.name.empty()) events.push_back(std::exchange(next, {}));
    }
    return events;
}

std::vector<std::string> statuses_of(const std::vector<event>& events) {
    std::vector<std::string> statuses;
    for (const auto& one : events)
        statuses.push_back(one.data.at("status"));
    return statuses;
}

const std::string profile_line =
    R"({"identityMap":{"CRMID":[{"id":"c1","primary":true}]},"person":{"name":{"firstName":"F"}}})";

const std::string everybody = R"({"fields":"person.name.firstName","destination":{"datasetId":"out"},
    "additionalFields":{},"schema":{"name":"_xdm.context.profile"}})";

std::vector<event> told(const undriven_server& of, const std::string& path, const headers& more = {}) {
    return events_of(of.ask("GET", path + "/events", more).body);
}

/// The stream itself, on a store whose every step is the test's.
struct followed_job {
    followed_job() { REQUIRE(opened.store->create(acme, a_job()).ok()); }

    /// The next piece; `more` as the stream said.
    std::string next() {
        std::string piece;
        auto asking = boost::asio::co_spawn(io, stream.next(piece), boost::asio::use_future);
        io.restart();
        io.run();
        more = asking.get();
        return piece;
    }

    boost::asio::io_context io;
    opened_store opened;
    http::services with{opened.jobs, {}};
    http::job_events stream{with, acme, 1, std::nullopt};
    bool more = true;
};

} // namespace

TEST_CASE("The events of a job are its moves in order, and end when it is final") {
    const running_host host;
    host.import_profiles(profile_line);
    const auto id = host.create(everybody).at("id").get<std::int64_t>();
    auto following = host.connect();
    const auto path = jobs_path + "/" + std::to_string(id);
    const auto seen = following.ask("GET", path + "/events", speaking_for("acme", {{"Last-Event-ID", "0"}}));
    CHECK(seen.status == 200);
    CHECK(seen.header("content-type") == "text/event-stream");
    CHECK(seen.header("cache-control") == "no-store");
    auto events = events_of(seen.body);
    std::erase_if(events, [](const auto& one) { return one.name == "progress"; });
    CHECK(statuses_of(events) == std::vector<std::string>{"NEW", "PROCESSING", "SUCCEEDED"});
    CHECK(std::stoll(events.at(0).id) < std::stoll(events.at(1).id));
    CHECK(std::stoll(events.at(1).id) < std::stoll(events.at(2).id));
    CHECK(events.at(2).data == host.ask("GET", path).json());
    // The connection goes on.
    CHECK(following.ask("GET", "/healthz").status == 200);
}

TEST_CASE("A stream of events resumes after the last id that was seen, and is over with the last") {
    undriven_server server;
    const auto path = server.create();
    REQUIRE(server.ask("DELETE", path).status == 204);
    const auto all = told(server, path, {{"Last-Event-ID", "0"}});
    CHECK(statuses_of(all) == std::vector<std::string>{"NEW", "CANCELLED"});
    const auto rest = told(server, path, {{"Last-Event-ID", all.at(0).id}});
    REQUIRE(rest.size() == 1);
    CHECK(rest.at(0).id == all.at(1).id);
    CHECK(server.ask("GET", path + "/events", {{"Last-Event-ID", all.at(1).id}}).status == 204);
    // Without an id it begins with the job as it is.
    const auto now = told(server, path);
    REQUIRE(now.size() == 1);
    CHECK(now.at(0).id == all.at(1).id);
}

TEST_CASE("A stream of events tells a move at once") {
    undriven_server server(std::chrono::hours(1)); // else nothing would wake it
    const auto path = server.create();
    auto following = server.connect();
    following.follow(acme.org, path);
    CHECK(following.read_until("\n\n\r\n").find("event: status\ndata: {\"") != std::string::npos);
    REQUIRE(server.ask("DELETE", path).status == 204);
    CHECK(following.read_until("0\r\n\r\n").find(R"("status":"CANCELLED")") != std::string::npos);
}

TEST_CASE("A stream of events says that it lives while nothing moves") {
    CHECK(followed_job().with.heartbeat == std::chrono::seconds(15));
    CHECK(http::server_limits{}.heartbeat == std::chrono::seconds(15));
    undriven_server server(std::chrono::milliseconds(1));
    const auto path = server.create();
    auto following = server.connect();
    following.follow(acme.org, path);
    CHECK(following.read_until("\n:\n\n").find("event: status") != std::string::npos);
    CHECK(following.read_until("\n:\n\n").find("event: status") == std::string::npos);
}

TEST_CASE("A host that stops ends its streams of events, and they go on with the next") {
    running_host host; // without profiles: the job is tried again and again
    const auto id = host.create(everybody).at("id").get<std::int64_t>();
    const auto path = jobs_path + "/" + std::to_string(id);
    auto following = host.connect();
    following.follow("acme", path);
    const auto first = following.read_until("\n\n\r\n");
    host.stop();
    (void)following.read_until("0\r\n\r\n");
    CHECK(following.is_closed());
    host.restart();
    const auto seen = events_of(first).at(0).id;
    REQUIRE(host.ask("DELETE", path).status == 204);
    const auto rest = events_of(host.ask("GET", path + "/events", {{"Last-Event-ID", seen}}).body);
    CHECK(statuses_of(rest).back() == "CANCELLED");
    CHECK(std::stoll(rest.at(0).id) > std::stoll(seen));
}

TEST_CASE("Events are for a job's owner, and an id of another kind is refused") {
    undriven_server server;
    CHECK(server.ask("GET", server.create(globex) + "/events").status == 404);
    CHECK(server.ask("GET", jobs_path + "/99/events").status == 404);
    CHECK(server.ask("GET", jobs_path + "/one/events").status == 404);
    const auto own = server.create();
    CHECK(server.ask("HEAD", own + "/events").status == 200);
    for (const auto* const id : {"first", "-1", "1.5", "99999999999999999999"}) {
        const auto refused = server.ask("GET", own + "/events", {{"Last-Event-ID", id}});
        CHECK(refused.status == 400);
        CHECK(refused.body.find("Last-Event-ID") != std::string::npos);
    }
}

TEST_CASE("Progress between two moves is told without an id") {
    followed_job job;
    CHECK(statuses_of(events_of(job.next())) == std::vector<std::string>{"NEW"});
    const auto key = job.opened.store.owner().claim(1, no_objection).at(0).key;
    CHECK(statuses_of(events_of(job.next())) == std::vector<std::string>{"PROCESSING"});
    job_metrics metrics;
    metrics.exported = 7;
    REQUIRE(job.opened.store.owner().note_progress(key, "engine", metrics));
    const auto progress = events_of(job.next());
    REQUIRE(progress.size() == 1);
    CHECK(progress.at(0).name == "progress");
    CHECK(progress.at(0).id.empty());
    CHECK(progress.at(0).data.at("metrics").at("totalExportedProfileCounter") == 7);
    CHECK(job.more);
}

TEST_CASE("Moves that came together are told one by one, each with the status that it led to") {
    followed_job job;
    (void)job.next();
    const auto key = job.opened.store.owner().claim(1, no_objection).at(0).key;
    REQUIRE(job.opened.store.owner().put_back(key, {}));
    const auto both = events_of(job.next());
    CHECK(statuses_of(both) == std::vector<std::string>{"PROCESSING", "NEW"});
    CHECK(both.at(0).id < both.at(1).id);
}

TEST_CASE("A job that is removed before its end was seen is told as removed") {
    followed_job job;
    (void)job.next();
    REQUIRE(job.opened.store->cancel(acme, 1).ok());
    job.opened.store.clock.advance(std::chrono::minutes{2});
    REQUIRE(job.opened.store->cancel(acme, 1).value() == cancel_outcome::removed);
    const auto last = events_of(job.next());
    REQUIRE(last.size() == 1);
    CHECK(last.at(0).name == "removed");
    CHECK(last.at(0).data.at("id") == 1);
    CHECK_FALSE(job.more);
}
