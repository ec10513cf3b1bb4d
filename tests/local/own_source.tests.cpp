// How an embedder puts profiles of their own in place of the profile store: a source, a scan, a reader.
#include <catch2/catch.hpp>

#include <atomic>
#include <functional>
#include <future>
#include <stdexcept>
#include <thread>

#include <waybill/error_codes.hpp>
#include <waybill/local_engine.hpp>

#include "dataset/staged_check.hpp"
#include "support/engine_workshop.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

/// The customers of a shop that keeps them in memory: number n is `customers[n]`.
struct shop {
    std::vector<std::string> customers;
    std::int64_t unreadable = -1; ///< asking for this one fails
    std::int64_t told_too_many = 0;
    std::function<void(std::int64_t)> on_read{};
};

class shop_reader final : public profile_reader {
  public:
    explicit shop_reader(const shop& from) : from_(from) {}

    std::optional<exported_row> read(std::int64_t candidate) override {
        if (from_.on_read) from_.on_read(candidate);
        if (candidate == from_.unreadable)
            throw store_failure(store_failure::kind::io, "the shop has burnt down");
        const auto& name = from_.customers.at(static_cast<std::size_t>(candidate));
        if (name.empty()) return std::nullopt;
        row_ = R"({"name":")" + name + "\"}";
        return exported_row{row_, namespaces_, {}, false};
    }

  private:
    static constexpr std::array<std::string_view, 1> namespaces_{"Shop"};
    const shop& from_;
    std::string row_;
};

class shop_scan final : public profile_scan {
  public:
    shop_scan(const shop& from, std::size_t readers) : from_(from), readers_(readers) {}

    std::int64_t candidates() const override { return size() + from_.told_too_many; }
    std::vector<std::int64_t> next() override {
        std::vector<std::int64_t> some;
        while (next_ < size() && some.size() < 100)
            some.push_back(next_++);
        return some;
    }
    std::unique_ptr<profile_reader> reader() override {
        if (readers_ == 0) return nullptr;
        --readers_;
        return std::make_unique<shop_reader>(from_);
    }

  private:
    std::int64_t size() const { return static_cast<std::int64_t>(from_.customers.size()); }

    const shop& from_;
    std::size_t readers_;
    std::int64_t next_ = 0;
};

class shop_source final : public profile_source {
  public:
    explicit shop_source(shop from) : from_(std::move(from)) {}

    std::optional<job_error> check(const new_export_job& request) override {
        if (request.filter) return job_error{"unknown", "the shop has no segments", {}};
        return std::nullopt;
    }
    std::unique_ptr<profile_scan> open(const tenant&, const new_export_job&, std::size_t readers) override {
        return std::make_unique<shop_scan>(from_, readers);
    }

  private:
    shop from_;
};

std::unique_ptr<local_engine> engine_over(const engine_workshop& w, shop from, std::size_t readers) {
    local_engine_options how{.profiles = {}, .datasets = w.root.path(), .threads = 1};
    how.readers = readers;
    how.source = std::make_shared<shop_source>(std::move(from));
    auto engine = std::make_unique<local_engine>(std::move(how));
    engine->on_news(w.told.listener());
    return engine;
}

shop with_customers(int count) {
    shop made;
    for (int i = 0; i < count; ++i)
        made.customers.push_back(i % 10 == 7 ? "" : "c" + std::to_string(i));
    return made;
}

} // namespace

TEST_CASE("a source of one's own takes the place of the profile store") {
    engine_workshop w;
    const auto what = a_publication(7, 4);
    const auto engine = engine_over(w, {.customers = {"Ann", "", "Bob"}}, 2);
    const auto report = w.run(*engine, what);
    REQUIRE(report.state == attempt_state::staged);
    CHECK(w.rows(what) == std::vector<std::string>{R"({"name":"Ann"})", R"({"name":"Bob"})"});
    CHECK(report.metrics.candidates == 3);
    CHECK(report.metrics.looked_at == 3);
    CHECK(report.metrics.exported == 2);
    CHECK(report.metrics.exported_by_namespace ==
          std::vector<std::pair<std::string, std::int64_t>>{{"Shop", 2}});
}

TEST_CASE("progress is of the candidates that were looked at, also where none of them is selected") {
    engine_workshop w;
    const auto what = a_publication(7, 4);
    std::promise<void> go_on;
    shop from{.customers = std::vector<std::string>(400)};
    from.on_read = [&, held = go_on.get_future().share()](std::int64_t candidate) {
        if (candidate == 399) held.wait();
    };
    const auto engine = engine_over(w, std::move(from), 1);
    engine->submit(what.key, what.job);
    auto seen = engine->poll(what.key).metrics;
    for (auto before = seen.looked_at; seen.looked_at < 300; before = seen.looked_at) {
        std::this_thread::yield();
        seen = engine->poll(what.key).metrics;
        CHECK(seen.looked_at >= before);
    }
    CHECK(seen.looked_at == 300); // the last hundred are not done with before the last of them is
    CHECK(percent_looked_at(seen.candidates, seen.looked_at) == 75);
    CHECK(seen.exported == 0);
    go_on.set_value();
    const auto report = w.outcome(*engine, what.key);
    CHECK(report.metrics.looked_at == 400);
    CHECK(report.metrics.exported == 0);
}

TEST_CASE("a staged attempt has looked at all its candidates, also when its source has told too many") {
    engine_workshop w;
    const auto what = a_publication(7, 4);
    auto from = with_customers(30);
    from.told_too_many = 5;
    const auto engine = engine_over(w, std::move(from), 2);
    const auto report = w.run(*engine, what);
    REQUIRE(report.state == attempt_state::staged);
    CHECK(report.metrics.candidates == 35);
    CHECK(report.metrics.looked_at == 35);
}

TEST_CASE("what a source refuses can never run, and what it cannot read is tried again") {
    engine_workshop w;
    auto what = a_publication(7, 4);
    auto burnt = with_customers(5'000);
    burnt.unreadable = 4'321;
    const auto engine = engine_over(w, std::move(burnt), 3);
    const auto report = w.run(*engine, what);
    CHECK(report.state == attempt_state::failed);
    CHECK(report.transient);
    CHECK_THAT(report.errors.at(0).call_stack, Catch::Contains("burnt down"));
    what.job.request.filter.emplace();
    CHECK(engine->check(what.job)->msg == "the shop has no segments");
}

TEST_CASE("rows come in the order of their candidates, however many threads make them") {
    const auto from = with_customers(20'000);
    std::vector<std::string> expected;
    for (const auto& name : from.customers)
        if (!name.empty()) expected.push_back(R"({"name":")" + name + "\"}");
    for (const std::size_t readers : {1U, 2U, 7U}) {
        engine_workshop w;
        const auto what = a_publication(7, 4);
        const auto engine = engine_over(w, from, readers);
        const auto report = w.run(*engine, what);
        CHECK(report.metrics.exported == static_cast<std::int64_t>(expected.size()));
        CHECK(w.rows(what) == expected);
    }
}

TEST_CASE("a cancel stops all threads of an attempt, and nothing is left of it") {
    engine_workshop w;
    const auto what = a_publication(7, 4);
    const auto engine = engine_over(w, with_customers(300'000), 4);
    engine->submit(what.key, what.job);
    w.told.wait_until([&] { return engine->poll(what.key).metrics.candidates.has_value(); });
    engine->cancel(what.key);
    const auto report = w.outcome(*engine, what.key);
    CHECK((report.state == attempt_state::cancelled || report.state == attempt_state::staged));
    if (report.state == attempt_state::cancelled)
        CHECK_FALSE(std::filesystem::exists(staging_of(w.root.path(), what)));
}

TEST_CASE("a source that knows nothing of evaluations exports for a job that asks for one, and stages none") {
    engine_workshop w;
    auto what = a_publication(7, 4);
    what.job.request.evaluate_segments = true;
    const auto engine = engine_over(w, with_customers(1000), 2);
    REQUIRE(w.run(*engine, what).state == attempt_state::staged);
    CHECK_FALSE(std::filesystem::exists(staging_of(w.root.path(), what) / dataset::memberships_name));
    CHECK(dataset::check_staged(w.root.path(), what).state == publication_state::checked);
}
