#include <catch2/catch.hpp>

#include <waybill/merge_policy.hpp>

using namespace waybill;

TEST_CASE("A job that asks for no merge policy gets the default in its latest version") {
    const auto policy = applicable_merge_policy(std::nullopt);
    CHECK(policy.id == "timestampOrdered-none-mp");
    CHECK(policy.version == latest_version("timestampOrdered-none-mp"));
}

TEST_CASE("A built-in policy without a version is fixed at its latest") {
    CHECK(applicable_merge_policy(merge_policy_ref{"timestampOrdered-pdg-mp", {}}) ==
          merge_policy_ref{"timestampOrdered-pdg-mp", latest_version("timestampOrdered-pdg-mp")});
    CHECK(latest_version("timestampOrdered-pdg-mp") == 1);
}

TEST_CASE("A version that was asked for stays, known or not") {
    CHECK(applicable_merge_policy(merge_policy_ref{"timestampOrdered-none-mp", 7}) ==
          merge_policy_ref{"timestampOrdered-none-mp", 7});
}

TEST_CASE("A policy that nobody knows stays as it was sent") {
    CHECK(applicable_merge_policy(merge_policy_ref{"my-own-mp", {}}) == merge_policy_ref{"my-own-mp", {}});
    CHECK_FALSE(latest_version("my-own-mp"));
    CHECK_FALSE(latest_version("TimestampOrdered-none-mp"));
}
