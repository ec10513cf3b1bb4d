#include <catch2/catch.hpp>

#include "segments/membership.hpp"

using namespace waybill;
using segments::membership;

namespace {

constexpr auto realized = membership_status::realized;
constexpr auto existing = membership_status::existing;
constexpr auto exited = membership_status::exited;

timestamp at(std::string_view text) { return *parse_rfc3339(text); }

const auto now = at("2026-11-23T12:00:00Z");
const auto nov_1 = at("2026-11-01T00:00:00Z");
const auto nov_20 = at("2026-11-20T00:00:00Z");

struct moved {
    std::optional<membership> before;
    bool qualifies;
    std::optional<membership> after;
};

} // namespace

TEST_CASE("An evaluation moves a membership as the table of the documentation says") {
    const std::optional<membership> none;
    const auto [before, qualifies, after] = GENERATE_COPY(values<moved>({
        {none, true, membership{realized, now}},
        {none, false, none},
        {membership{realized, nov_1}, true, membership{existing, nov_1}},
        {membership{existing, nov_1}, true, membership{existing, nov_1}},
        {membership{existing, {}}, true, membership{existing, now}},
        {membership{realized, nov_1}, false, membership{exited, now}},
        {membership{existing, at("2020-01-01T00:00:00Z")}, false, membership{exited, now}},
        {membership{exited, nov_20}, true, membership{realized, now}},
        {membership{exited, nov_20}, false, membership{exited, nov_20}},
        {membership{exited, {}}, false, membership{exited, {}}},
        {membership{exited, at("2026-10-24T12:00:00Z")}, false,
         membership{exited, at("2026-10-24T12:00:00Z")}},
        {membership{exited, at("2026-10-24T11:59:59.999Z")}, false, none},
    }));
    CHECK(segments::evaluated(before, qualifies, now, membership_states::three) == after);
}

TEST_CASE("With two states who stays is realized and keeps the time of the entry") {
    const auto states = membership_states::two;
    CHECK(segments::evaluated(std::nullopt, true, now, states) == membership{realized, now});
    CHECK(segments::evaluated(membership{realized, nov_1}, true, now, states) == membership{realized, nov_1});
    CHECK(segments::evaluated(membership{existing, nov_1}, true, now, states) == membership{realized, nov_1});
    CHECK(segments::evaluated(membership{realized, nov_1}, false, now, states) == membership{exited, now});
}

TEST_CASE("Of two memberships of profiles that became one who is in counts, then the later") {
    CHECK(segments::outweighs({existing, nov_1}, {exited, nov_20}));
    CHECK_FALSE(segments::outweighs({exited, nov_20}, {existing, nov_1}));
    CHECK(segments::outweighs({realized, nov_20}, {existing, nov_1}));
    CHECK(segments::outweighs({exited, nov_20}, {exited, nov_1}));
    CHECK_FALSE(segments::outweighs({existing, {}}, {realized, nov_1}));
}
