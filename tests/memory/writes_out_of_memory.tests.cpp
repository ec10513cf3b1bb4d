// The n-th allocation fails between a write that is asked for and its answer, and in the tick that it wakes:
// whoever was taken is told, what was acknowledged is there, and queue and timer go on.
#include <array>

#include <boost/asio/io_context.hpp>

#include <catch2/catch.hpp>

#include <waybill/asio.hpp>

#include "memory/failing_allocations.hpp"
#include "memory/memory_points.hpp"
#include "support/a_job.hpp"
#include "support/driven_store.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

constexpr std::int64_t points = 100;
constexpr int creates = 3;

/// Whose attempts need not end for others to begin.
struct wide_store : driven_store {
    wide_store() : driven_store(fast_place()) {
        crash();
        options.running = options.running_per_tenant = 10'000;
        start();
    }
};

/// Writes and ticks on one executor, which the test runs by hand.
class asked_store {
  public:
    asked_store() {
        lifecycle_timer::options how;
        how.retry_after = std::chrono::milliseconds{1};
        timer_ = std::make_unique<lifecycle_timer>(io_.get_executor(), driven_.driver(), how);
        driven_.store->on_work([this] { timer_->wake(); });
        timer_->start();
        io_.poll();
    }

    /// The allocations meanwhile.
    std::int64_t ask_with(std::int64_t first, std::int64_t length) {
        failing_allocations::begin(first, length);
        for (int i = 0; i < creates; ++i)
            create();
        work_off();
        const auto all = failing_allocations::counted();
        failing_allocations::begin(0, 0);
        look();
        return all;
    }

  private:
    void create() {
        auto request =
            a_job("dataset-" + std::to_string(++datasets_)); // only one job of a dataset is at work
        const failing_allocations::window counts;
        try {
            jobs_.create(acme, std::move(request),
                         [this](const std::exception_ptr& thrown, result<export_job> made) {
                             ++told_;
                             if (!thrown && made) acknowledged_.at(acknowledged_count_++) = made->id;
                         });
            ++taken_;
        } catch (const std::bad_alloc&) { // it was told so
        }
    }
    /// What is ready, and not what only time brings.
    void work_off() {
        const failing_allocations::window counts;
        try {
            while (io_.poll_one() != 0) {
            }
        } catch (const std::bad_alloc&) {
            escaped_ = true;
        }
    }
    void look() {
        CHECK_FALSE(escaped_);
        CHECK(told_ == taken_);
        for (std::size_t i = 0; i < acknowledged_count_; ++i)
            CHECK(driven_.store->find(acme, acknowledged_.at(i)).ok());
        create();
        io_.restart();
        while (told_ < taken_ && io_.poll_one() != 0) {
        }
        CHECK(told_ == taken_);
        job_query waiting;
        waiting.statuses = {job_status::new_};
        while (!driven_.store->list(acme, waiting).value().jobs.empty())
            REQUIRE(io_.run_one() != 0); // the next tick
        acknowledged_count_ = 0;
    }

    wide_store driven_;
    boost::asio::io_context io_;
    job_reader reader_ = job_reader::open(driven_.store.file()).value();
    async_job_store jobs_{*driven_.store, io_.get_executor(), reader_, io_.get_executor()};
    std::unique_ptr<lifecycle_timer> timer_;
    int datasets_ = 0;
    int taken_ = 0;
    int told_ = 0;
    bool escaped_ = false;
    std::array<job_id, creates + 1> acknowledged_{};
    std::size_t acknowledged_count_ = 0;
};

void ask_everywhere(std::int64_t length) {
    asked_store asked;
    const auto ask = [&](std::int64_t first) {
        INFO("allocation " << first << ", of them " << length);
        return asked.ask_with(first, length);
    };
    ask(0); // what is only allocated once
    const auto all = ask(0);
    CHECK(all > 100);
    at_memory_points(points, all, ask);
}

} // namespace

TEST_CASE("writes and ticks for which the n-th allocation fails are told and go on") { ask_everywhere(1); }

TEST_CASE("writes and ticks for which a stretch of allocations fails are told and go on") {
    ask_everywhere(20);
}
