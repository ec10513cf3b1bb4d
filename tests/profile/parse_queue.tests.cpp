#include <catch2/catch.hpp>

#include <sstream>
#include <stdexcept>
#include <streambuf>
#include <string>
#include <vector>

#include "profile/parse_queue.hpp"
#include "sql/connection.hpp"
#include "support/profile_fixture.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

import_options options_with(unsigned threads) {
    import_options options;
    options.owner = acme;
    options.dataset_id = "crm";
    options.identities = {*parse_identity_path("crm=CRMID")};
    options.threads = threads;
    return options;
}

/// Some good, every seventh refused, and of very different lengths.
std::string mixed(int count) {
    std::string text;
    for (int i = 0; i < count; ++i) {
        const std::string filling(i % 1'000 == 0 ? 300'000 : static_cast<std::size_t>(i % 50), 'x');
        text +=
            i % 7 == 3 ? "{\"crm\":\n" : "{\"crm\":" + std::to_string(i) + ",\"v\":\"" + filling + "\"}\n";
    }
    return text;
}

std::string identities_in_order(const temp_profiles& store) {
    sql::connection on(store.file(), sql::access::read);
    return on.text_of("select group_concat(identity) from (select identity from profiles order by id)");
}

/// Throws at a byte, as a disk does that cannot be read there.
class failing_input : public std::streambuf {
  public:
    failing_input(std::string text, std::size_t until) : text_(std::move(text)), until_(until) {}

  protected:
    std::streamsize xsgetn(char* to, std::streamsize size) override {
        if (at_ >= until_) throw std::runtime_error("unreadable");
        const auto some = std::min({static_cast<std::size_t>(size), until_ - at_, text_.size() - at_});
        text_.copy(to, some, at_);
        at_ += some;
        if (at_ >= until_) throw std::runtime_error("unreadable");
        return static_cast<std::streamsize>(some);
    }

  private:
    std::string text_;
    std::size_t until_;
    std::size_t at_ = 0;
};

} // namespace

TEST_CASE("Batches come out parsed and in the order in which they went in, with any number of threads") {
    const unsigned threads = GENERATE(0U, 1U, 4U);
    const auto options = options_with(threads);
    profile::parse_queue queue(options, profile::record_kind::fragments);
    int put = 0;
    int got = 0;
    while (got < 400) {
        while (put < 400 && queue.has_room()) {
            auto& batch = queue.next_batch();
            for (int i = 0; i < 5; ++i)
                batch.add({put, "{\"crm\":\"" + std::to_string(put) + "\"}", nullptr});
            batch.bytes_read = put++;
            queue.push();
        }
        const auto& batch = queue.front();
        CHECK(batch.bytes_read == got);
        for (const auto& one : batch)
            CHECK(one.parsed.identities.front().id == std::to_string(got));
        queue.pop();
        ++got;
    }
    CHECK(queue.empty());
}

TEST_CASE("No more is read ahead than there are places, and nothing after what is too large") {
    const auto options = options_with(0);
    profile::parse_queue queue(options, profile::record_kind::fragments);
    for (std::size_t i = 0; i < profile::parse_queue::most_batches; ++i) {
        REQUIRE(queue.has_room());
        queue.next_batch().add({1, "{}", nullptr});
        queue.push();
    }
    CHECK_FALSE(queue.has_room());
    queue.front();
    queue.pop();
    REQUIRE(queue.has_room());
    queue.next_batch().add({1, std::string(profile::parse_queue::most_bytes, ' '), nullptr});
    queue.push();
    for (std::size_t i = 1; i < profile::parse_queue::most_batches; ++i) {
        CHECK_FALSE((queue.has_room() && i < profile::parse_queue::most_batches - 1));
        queue.front();
        queue.pop();
    }
}

TEST_CASE("An import gives the same rows and refuses in the order of the lines, with any number of threads") {
    const auto text = mixed(9'000);
    std::vector<std::string> rows;
    std::vector<std::int64_t> lines;
    for (const unsigned threads : {0U, 1U, 3U}) {
        temp_profiles store;
        auto options = options_with(threads);
        std::vector<std::int64_t> refused;
        options.on_reject = [&](const rejected_record& one) {
            refused.push_back(one.line);
            CHECK(one.record == "{\"crm\":");
        };
        std::istringstream input(text);
        REQUIRE(profile_store::open(store.file())->import_profiles(input, options));
        CHECK(std::is_sorted(refused.begin(), refused.end()));
        rows.push_back(identities_in_order(store));
        lines = refused;
    }
    CHECK(lines.size() == 1'286);
    CHECK(rows[0] == rows[1]);
    CHECK(rows[0] == rows[2]);
}

TEST_CASE("What a callback throws ends the import and its threads, and the store can be used further") {
    temp_profiles store;
    auto open = profile_store::open(store.file());
    auto options = options_with(3);
    options.on_reject = [](const rejected_record&) { throw std::runtime_error("no more"); };
    std::istringstream input(mixed(9'000));
    CHECK_THROWS_AS(open->import_profiles(input, options), std::runtime_error);
    options.on_reject = {};
    std::istringstream again(mixed(9'000));
    CHECK(open->import_profiles(again, options).value().added == 7'714);
}

TEST_CASE("An input that cannot be read further is thrown, and what stood before is kept") {
    temp_profiles store;
    auto open = profile_store::open(store.file());
    const auto text = mixed(9'000);
    failing_input broken(text, text.size() / 2);
    std::istream input(&broken);
    std::int64_t told = 0;
    auto options = options_with(2);
    options.on_progress = [&](const import_progress& at) { told = at.records; };
    CHECK_THROWS_AS(open->import_profiles(input, options), store_failure);
    CHECK(told > 1'000);
    sql::connection on(store.file(), sql::access::read);
    CHECK(on.integer_of("select count(*) from fragments") > 1'000);
}
