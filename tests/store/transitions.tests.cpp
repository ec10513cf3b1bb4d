#include <catch2/catch.hpp>

#include "support/a_job.hpp"
#include "support/temp_store.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

/// What somebody has heard who reads what is new whenever the store rings.
class listening {
  public:
    explicit listening(temp_store& store) : reader_(job_reader::open(store.file()).value()) {
        store->on_change([this](std::span<const job_id> which) { hear(which); });
    }

    std::vector<recorded_transition> heard;
    std::vector<std::vector<job_id>> rings;

  private:
    void hear(std::span<const job_id> which) {
        rings.emplace_back(which.begin(), which.end());
        const auto after = heard.empty() ? 0 : heard.back().move.sequence;
        for (auto& next : reader_.transitions_after(after, 100))
            heard.push_back(std::move(next));
    }
    job_reader reader_;
};

std::vector<std::pair<job_id, job_status>> moves_of(const std::vector<recorded_transition>& heard) {
    std::vector<std::pair<job_id, job_status>> moves;
    for (const auto& one : heard)
        moves.emplace_back(one.job, one.move.to);
    return moves;
}

} // namespace

TEST_CASE("whoever listens hears each creation and each move once, in order, when it is durable") {
    temp_store store;
    listening listener(store);
    REQUIRE(store->create(acme, a_job("one")).ok());
    CHECK(listener.rings.size() == 1);
    store->together([&] {
        REQUIRE(store->create(globex, a_job("two")).ok());
        REQUIRE(store->cancel(globex, 2).ok());
        CHECK(listener.rings.size() == 1); // not durable yet
    });
    CHECK(listener.rings.back() == std::vector<job_id>{2, 2});
    const auto key = store.owner().claim(1, no_objection).at(0).key;
    store.owner().note_progress(key, "engine", {});
    CHECK(listener.rings.size() == 4); // the claim and the progress
    CHECK(listener.rings.back() == std::vector<job_id>{1});
    store.owner().mark_publishing(key);
    store.owner().succeed(key, {}, {});
    using entry = std::pair<job_id, job_status>;
    CHECK(moves_of(listener.heard) == std::vector<entry>{{1, job_status::new_},
                                                         {2, job_status::new_},
                                                         {2, job_status::cancelled},
                                                         {1, job_status::processing},
                                                         {1, job_status::succeeded}});
    CHECK(listener.heard.at(0).owner == acme);
    CHECK(listener.heard.at(2).owner == globex);
    CHECK(listener.heard.at(2).move.from == job_status::new_);
}

TEST_CASE("a removed job is rung for, by its client or by its age") {
    temp_store files;
    for (job_id id = 1; id <= 2; ++id) {
        REQUIRE(files->create(acme, a_job()).ok());
        REQUIRE(files->cancel(acme, id).ok());
    }
    files.close();
    auto options = files.options();
    options.upkeep.retention = {{job_status::cancelled, std::chrono::hours{1}}};
    auto store = job_store::open(options).value();
    std::vector<job_id> rung;
    store.on_change([&](std::span<const job_id> which) { rung.assign(which.begin(), which.end()); });
    files.clock.advance(std::chrono::minutes{2}); // a cancel is no repetition any more
    REQUIRE(store.cancel(acme, 1).value() == cancel_outcome::removed);
    CHECK(rung == std::vector<job_id>{1});
    files.clock.advance(std::chrono::hours{2});
    REQUIRE(store.owner().upkeep());
    CHECK(rung == std::vector<job_id>{2});
}

TEST_CASE("what was undone is never heard of") {
    temp_store store;
    listening listener(store);
    CHECK_THROWS_AS(store->together([&] {
        REQUIRE(store->create(acme, a_job()).ok());
        throw std::runtime_error("the caller's own");
    }),
                    std::runtime_error);
    CHECK(listener.rings.empty());
    REQUIRE(store->create(acme, a_job()).ok());
    CHECK(listener.heard.size() == 1);
}

TEST_CASE("after a restart the moves since any number are there to be read, a few at a time") {
    temp_store store;
    for (int i = 0; i < 4; ++i)
        REQUIRE(store->create(acme, a_job()).ok());
    const auto seen = job_reader::open(store.file()).value().newest_transition();
    store.reopen();
    REQUIRE(store->cancel(acme, 3).ok());
    REQUIRE(store->create(acme, a_job()).ok());
    auto reader = job_reader::open(store.file()).value();
    const auto missed = reader.transitions_after(seen, 100);
    REQUIRE(missed.size() == 2);
    CHECK(missed.at(0).job == 3);
    CHECK(missed.at(1).job == 5);
    CHECK(reader.transitions_after(0, 2).size() == 2);
    CHECK(reader.transitions_after(0, 100).size() == 6);
    CHECK(reader.transitions_after(reader.newest_transition(), 100).empty());
}
