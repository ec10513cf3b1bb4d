#include <catch2/catch.hpp>

#include <future>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "local/ordered_blocks.hpp"

using waybill::local::ordered_blocks;

namespace {

std::string all_of(ordered_blocks<std::string>& blocks) {
    std::string all;
    while (const auto one = blocks.take())
        all += *one;
    return all;
}

} // namespace

TEST_CASE("blocks are taken in the order of their stretches, whichever was ready first") {
    ordered_blocks<std::string> blocks(100);
    for (const std::size_t stretch : {0U, 1U, 2U})
        blocks.begin(stretch);
    CHECK(blocks.put(2, "e", 1));
    blocks.end(2);
    CHECK(blocks.put(1, "c", 1));
    CHECK(blocks.put(0, "a", 1));
    CHECK(blocks.put(0, "b", 1));
    CHECK(blocks.put(1, "d", 1));
    blocks.end(1);
    blocks.end(0);
    blocks.finish();
    CHECK(all_of(blocks) == "abcde");
}

TEST_CASE("a stretch without blocks is stepped over") {
    ordered_blocks<std::string> blocks(100);
    blocks.begin(0);
    blocks.begin(1);
    blocks.end(0);
    CHECK(blocks.put(1, "x", 1));
    blocks.end(1);
    blocks.finish();
    CHECK(all_of(blocks) == "x");
}

TEST_CASE("whoever is ahead waits for room, and the stretch that is next goes on without") {
    ordered_blocks<std::string> blocks(10);
    blocks.begin(0);
    blocks.begin(1);
    CHECK(blocks.put(1, "ahead", 10)); // there is no more room now
    auto waiting = std::async(std::launch::async, [&] {
        const bool taken = blocks.put(1, "later", 1);
        blocks.end(1);
        return taken;
    });
    CHECK(blocks.put(0, "first ", 10));
    blocks.end(0);
    blocks.finish();
    CHECK(all_of(blocks) == "first aheadlater");
    CHECK(waiting.get());
}

TEST_CASE("a maker's failure is thrown to whoever takes, and makers are told to stop") {
    ordered_blocks<std::string> blocks(1);
    blocks.begin(0);
    blocks.begin(1);
    CHECK(blocks.put(1, "x", 1));
    auto waiting = std::async(std::launch::async, [&] { return blocks.put(1, "y", 1); });
    blocks.fail(std::make_exception_ptr(std::runtime_error("no more")));
    CHECK_THROWS_WITH(blocks.take(), "no more");
    CHECK_FALSE(waiting.get());
    CHECK_FALSE(blocks.put(0, "z", 1));
}
