// The n-th allocation of the real host fails, by itself or with those after it, while clients ask it and jobs
// run: what it acknowledged is there, what it cannot do it says or cuts off, and it goes on; where it ends,
// it ends at once, and the next start loses nothing.
#include <limits>
#include <optional>
#include <set>

#include <catch2/catch.hpp>

#include "fault/failing_memory.hpp"
#include "fault/faulty_host.hpp"
#include "memory/memory_points.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

constexpr std::int64_t points = 7;
const std::string jobs = "/data/core/ups/export/jobs";

class starved_host {
  public:
    starved_host() { start(); }

    /// The allocations of the host meanwhile.
    std::int64_t ask_with(std::int64_t first, std::int64_t length) {
        INFO("allocation " << first << ", of them " << length);
        memory_.begin(first, length);
        ask_for_everything();
        const auto all = memory_.counted();
        memory_.end();
        look();
        return all;
    }
    void ask_everywhere(std::int64_t length) {
        ask_with(0, 0); // what is only allocated once
        const auto all = ask_with(0, 0);
        CHECK(all > 1'000);
        at_memory_points(points, all, [&](std::int64_t first) { ask_with(first, length); });
        CHECK(ended_ == 0);
        CHECK(host_.stop() == 0);
    }
    /// For longer than the host waits for memory.
    void ask_without_memory() {
        create("before");
        memory_.begin(1, std::numeric_limits<std::int64_t>::max() - 1);
        boost::asio::ip::tcp::iostream unanswered("127.0.0.1", host_.port());
        unanswered << faulty_host::creation("meanwhile") << std::flush;
        faulty_host::spin_until([&] { return memory_.counted() > 6'000 || !is_running(); });
        memory_.end();
        unanswered.close();
        look();
        host_.stop();
    }

  private:
    void start() { host_.start_with(memory_.environment()); }

    /// A program that has ended is still there for who waits for it, but has no memory.
    bool is_running() const { return !read_file("/proc/" + std::to_string(host_.pid()) + "/maps").empty(); }
    /// Nothing when the connection was cut.
    std::optional<http_answer> ask(const std::string& text) {
        boost::asio::ip::tcp::iostream connection;
        connection.expires_after(std::chrono::seconds{10}); // only ends a hung test
        connection.connect("127.0.0.1", host_.port());
        connection << text << std::flush;
        try {
            const auto answer = faulty_host::answer_from(connection);
            INFO(answer.body);
            CHECK((answer.status / 100 == 2 || answer.status == 404 || answer.status == 409 ||
                   answer.status >= 500));
            CHECK(answer.body.find("bad_alloc") == std::string::npos);
            return answer;
        } catch (const std::runtime_error&) {
            CHECK(connection.error() != boost::asio::error::operation_aborted);
            CHECK(connection.error() != boost::asio::error::timed_out);
            return std::nullopt;
        }
    }
    std::optional<http_answer> ask(const std::string& method, const std::string& target) {
        return ask(faulty_host::request(method, target));
    }
    std::optional<job_id> create(const std::string& dataset) {
        const auto answer = ask(faulty_host::creation(dataset));
        if (!answer || answer->status != 200) return std::nullopt;
        const job_id id = answer->json().at("id");
        acknowledged_.insert(id);
        return id;
    }

    void ask_for_everything() {
        const auto dataset = "people-" + std::to_string(++rounds_);
        const auto wanted = create(dataset);
        const auto unwanted = create(dataset + "-unwanted");
        ask("GET", jobs);
        if (unwanted) {
            const auto answer = ask("DELETE", jobs + "/" + std::to_string(*unwanted));
            unwanted_.insert(*unwanted);
            if (answer && answer->status / 100 == 2) cancelled_.insert(*unwanted);
        }
        if (wanted) {
            ask("GET", jobs + "/" + std::to_string(*wanted));
            ask("GET", jobs + "/" + std::to_string(*wanted) + "/events"); // to the job's end
        }
        ask("GET", "/metrics");
    }

    /// With memory again. One more job, for a wake-up may have been lost.
    /// With memory again. One more job, for a wake-up may have been lost.
    void look() {
        if (!create("after")) {
            ++ended_;
            INFO(host_.log());
            CHECK(host_.stop() != 0);
            start();
            REQUIRE(create("after"));
        }
        for (const auto id : acknowledged_)
            look_at(id);
        acknowledged_.clear();
    }
    void look_at(job_id id) {
        INFO("job " << id);
        const auto shown = ask("GET", jobs + "/" + std::to_string(id));
        REQUIRE(shown);
        // A cancel that comes after the job's end removes it.
        if (shown->status == 404 && unwanted_.contains(id)) return;
        REQUIRE(shown->status == 200);
        const auto job = host_.at_end(id);
        if (cancelled_.contains(id)) CHECK(job.status == job_status::cancelled);
        if (unwanted_.contains(id)) return;
        CHECK(job.status == job_status::succeeded);
        CHECK(host_.shows(job));
    }

    faulty_host host_{fast_place()};
    failing_memory memory_{host_.folder() / "memory"};
    std::set<job_id> acknowledged_;
    std::set<job_id> unwanted_;
    std::set<job_id> cancelled_;
    int rounds_ = 0;
    int ended_ = 0;
};

} // namespace

TEST_CASE("a host for which the n-th allocation fails loses nothing that it acknowledged, and goes on") {
    starved_host().ask_everywhere(1);
}

TEST_CASE("a host for which a stretch of allocations fails loses nothing that it acknowledged") {
    starved_host().ask_everywhere(20);
}

TEST_CASE("a host without memory for long goes on or ends, and the next start loses nothing") {
    starved_host().ask_without_memory();
}
