#include <catch2/catch.hpp>

#include <condition_variable>
#include <mutex>
#include <thread>

#include "dataset/staged_check.hpp"
#include "support/engine_workshop.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

/// Lets one thread wait for another in the middle of an engine's work.
class gate {
  public:
    void open() {
        {
            const std::lock_guard hold(guard_);
            open_ = true;
        }
        wake_.notify_all();
    }
    void pass() {
        std::unique_lock hold(guard_);
        wake_.wait(hold, [this] { return open_; });
    }

  private:
    std::mutex guard_;
    std::condition_variable wake_;
    bool open_ = false;
};

} // namespace

TEST_CASE("submitting an attempt again changes nothing") {
    engine_workshop w;
    w.profiles.profiles(R"({"crm":"1"})");
    const auto what = a_publication(7, 0);
    const auto engine = w.engine();
    engine->submit(what.key, what.job);
    engine->submit(what.key, what.job);
    CHECK(w.outcome(*engine, what.key).state == attempt_state::staged);
    engine->submit(what.key, what.job);
    CHECK(engine->poll(what.key).state == attempt_state::staged);
    CHECK(dataset::check_staged(w.root.path(), what).state == publication_state::checked);
}

TEST_CASE("a cancel in the middle of an export ends it and leaves nothing staged") {
    engine_workshop w;
    w.profiles.profiles(many_profiles(1000));
    const auto what = a_publication(7, 0);
    const auto engine = w.engine();
    // The first news of an attempt tells its candidates: the scan stands at its beginning.
    engine->on_news([&w, &what, &engine] {
        engine->cancel(what.key);
        w.told.listener()();
    });
    const auto report = w.run(*engine, what);
    CHECK(report.state == attempt_state::cancelled);
    CHECK(report.errors.empty());
    CHECK(report.metrics.candidates == 1000);
    CHECK(report.metrics.exported < 10);
    CHECK_FALSE(std::filesystem::exists(staging_of(w.root.path(), what)));
}

TEST_CASE("an attempt that waits for a thread is cancelled at once") {
    engine_workshop w;
    w.profiles.profiles(R"({"crm":"1"})");
    const auto first = a_publication(7, 0);
    const auto second = a_publication(8, 0);
    const auto this_test = std::this_thread::get_id();
    gate candidates_known;
    gate go_on;
    const auto engine = w.engine(1);
    engine->on_news([&] {
        candidates_known.open();
        // Holds the one thread inside the first attempt; the second one's end is told by the thread that
        // cancels.
        if (std::this_thread::get_id() != this_test) go_on.pass();
        w.told.listener()();
    });
    engine->submit(first.key, first.job);
    engine->submit(second.key, second.job);
    candidates_known.pass();
    engine->cancel(second.key);
    CHECK(engine->poll(first.key).state == attempt_state::running);
    CHECK(engine->poll(second.key).state == attempt_state::cancelled);
    go_on.open();
    CHECK(w.outcome(*engine, first.key).state == attempt_state::staged);
    CHECK(w.outcome(*engine, second.key).state == attempt_state::cancelled);
    CHECK_FALSE(std::filesystem::exists(staging_of(w.root.path(), second)));
}

TEST_CASE("a cancel after the end changes nothing") {
    engine_workshop w;
    w.profiles.profiles(R"({"crm":"1"})");
    const auto what = a_publication(7, 0);
    const auto engine = w.engine();
    REQUIRE(w.run(*engine, what).state == attempt_state::staged);
    engine->cancel(what.key);
    engine->cancel({99, 1, 1});
    CHECK(engine->poll(what.key).state == attempt_state::staged);
    CHECK(dataset::check_staged(w.root.path(), what).state == publication_state::checked);
}

TEST_CASE("an engine that ends stops what is at work and leaves only whole attempts staged") {
    engine_workshop w;
    w.profiles.profiles(many_profiles(3000));
    std::vector<publication> all;
    for (job_id id = 1; id <= 6; ++id)
        all.push_back(a_publication(id, 0));
    {
        const auto engine = w.engine(2);
        for (const auto& what : all)
            engine->submit(what.key, what.job);
        w.told.wait_until([&] { return engine->poll(all[0].key).metrics.candidates.has_value(); });
    }
    for (const auto& what : all)
        if (std::filesystem::exists(staging_of(w.root.path(), what)))
            CHECK(dataset::check_staged(w.root.path(), what).state == publication_state::checked);
}

TEST_CASE("several attempts at once are all staged") {
    engine_workshop w;
    w.profiles.profiles(many_profiles(600));
    const auto engine = w.engine(3);
    std::vector<publication> all;
    for (job_id id = 1; id <= 6; ++id) {
        all.push_back(a_publication(id, 0));
        engine->submit(all.back().key, all.back().job);
    }
    for (const auto& what : all) {
        const auto report = w.outcome(*engine, what.key);
        CHECK(report.state == attempt_state::staged);
        CHECK(report.metrics.exported == 600);
        CHECK(dataset::check_staged(w.root.path(), what).batches.at(0).rows == 600);
    }
}
