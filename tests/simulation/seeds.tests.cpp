#include <cstdlib>
#include <iostream>
#include <string>

#include <catch2/catch.hpp>

#include "simulation/simulated_run.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

/// A number that the environment gives, or this one.
std::uint64_t number_of(const char* name, std::uint64_t otherwise) {
    const char* const text = std::getenv(name);
    return text ? std::stoull(text) : otherwise;
}

} // namespace

/// WAYBILL_SEEDS runs from WAYBILL_FIRST_SEED on, WAYBILL_STEPS each; WAYBILL_TRACE tells what each did.
TEST_CASE("whatever happens in which order, every promise is kept") {
    const auto first = number_of("WAYBILL_FIRST_SEED", 1);
    const auto seeds = number_of("WAYBILL_SEEDS", 1'000);
    const auto steps = number_of("WAYBILL_STEPS", 200);
    const bool traced = std::getenv("WAYBILL_TRACE") != nullptr;
    std::size_t made = 0, succeeded = 0;
    for (auto seed = first; seed < first + seeds; ++seed) {
        simulated_run run(seed);
        std::uint64_t step = 0;
        std::string broken;
        try {
            for (step = 1; step <= steps; ++step)
                run.step();
            run.come_to_an_end();
        } catch (const std::exception& trouble) {
            broken = trouble.what();
        }
        if (traced || !broken.empty())
            for (const auto& line : run.log())
                std::cerr << line << '\n';
        INFO("seed " << seed << ", step " << step << ": " << broken);
        REQUIRE(broken.empty());
        made += run.jobs_made();
        succeeded += run.jobs_succeeded();
    }
    // A simulation in which nothing comes to pass proves nothing.
    CHECK(made > seeds * 20);
    CHECK(succeeded > seeds);
}
