#include <chrono>
#include <cstdlib>
#include <iostream>
#include <map>
#include <sstream>
#include <stdexcept>

#include <catch2/catch.hpp>

#include "protocol/explorer.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

/// Asserts floors, for an exploration that ends early proves nothing.
void explore(const bounds& most, std::size_t states, std::size_t transitions) {
    explorer all(most);
    try {
        all.explore();
    } catch (const broken_promise& broken) {
        FAIL("after " << all.states() << " states:\n" << broken.what());
    }
    std::cout << all.states() << " states, " << all.fallen() << " of them without a host, "
              << all.transitions() << " transitions, to rest within " << all.longest_way_to_rest()
              << " steps\n";
    CHECK(all.states() >= states);
    CHECK(all.transitions() >= transitions);
}

/// `jobs=2 crashes=1 …`
bounds parse_bounds(const std::string& text) {
    bounds most;
    const std::map<std::string, int*> by_name{{"jobs", &most.jobs},
                                              {"batches", &most.batches},
                                              {"attempts", &most.attempts},
                                              {"running", &most.running},
                                              {"crashes", &most.crashes},
                                              {"stops", &most.stops},
                                              {"restores", &most.restores},
                                              {"cancels", &most.cancels},
                                              {"transients", &most.transients},
                                              {"permanents", &most.permanents},
                                              {"late", &most.late_stagings},
                                              {"losses", &most.losses},
                                              {"answers", &most.lost_answers}};
    std::istringstream words(text);
    for (std::string word; words >> word;) {
        const auto sign = word.find('=');
        const auto at = by_name.find(word.substr(0, sign));
        if (at == by_name.end() || sign == std::string::npos)
            throw std::invalid_argument("no bound of the model: " + word);
        *at->second = std::stoi(word.substr(sign + 1));
    }
    return most;
}

} // namespace

TEST_CASE("every order of two crashes, a cancel and a transient failure keeps every promise") {
    explore({.batches = 2, .crashes = 2, .cancels = 1, .transients = 1}, 15'500, 80'000);
}

TEST_CASE("every order of a restore with a crash, a cancel and a late staging keeps every promise") {
    explore({.crashes = 1, .restores = 1}, 7'500, 35'000);
    explore({.restores = 1, .cancels = 1, .late_stagings = 1}, 3'500, 13'000);
}

TEST_CASE("every order of a stop, failures and losses with a crash keeps every promise") {
    explore({.crashes = 1, .stops = 1, .cancels = 1, .permanents = 1}, 8'200, 34'500);
    explore({.batches = 2, .crashes = 1, .late_stagings = 1, .losses = 1, .lost_answers = 1}, 2'100, 9'500);
}

TEST_CASE("every order of what befalls two jobs of one dataset keeps every promise") {
    explore({.jobs = 2, .crashes = 1, .cancels = 1}, 3'400, 13'200);
    explore({.jobs = 2, .restores = 1, .transients = 1}, 20'000, 72'000);
}

TEST_CASE("within the bounds of WAYBILL_MODEL no order of events breaks a promise", "[.bounds]") {
    const char* const text = std::getenv("WAYBILL_MODEL");
    REQUIRE(text != nullptr);
    explore(parse_bounds(text), 1, 1);
}
