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

TEST_CASE("within the bounds of WAYBILL_MODEL no order of events breaks a promise", "[.bounds]") {
    const char* const text = std::getenv("WAYBILL_MODEL");
    REQUIRE(text != nullptr);
    explore(parse_bounds(text), 1, 1);
}
