#include <iostream>

#include <catch2/catch.hpp>

#include "protocol/explorer.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

void explore(const bounds& most, std::size_t states, std::size_t transitions) {
    explorer all(most);
    all.explore();
    std::cout << all.states() << " states, " << all.fallen() << " of them without a host, "
              << all.transitions() << " transitions, to rest within " << all.longest_way_to_rest()
              << " steps\n";
    // An exploration that ends early proves nothing.
    CHECK(all.states() >= states);
    CHECK(all.transitions() >= transitions);
}

} // namespace

TEST_CASE("no order of crashes and failures breaks a promise") {
    explore({.batches = 2, .crashes = 1, .transients = 1}, 100, 100);
}
