#include <catch2/catch.hpp>

#include "client.hpp"
#include "options.hpp"

using namespace waybill;
using namespace waybill::http;
using waybill::test::running_host;
using waybill::test::temp_directory;

namespace {

std::variant<host_options, exit_code> parsed(std::vector<const char*> arguments) {
    std::vector<const char*> all{"waybilld", "--store", "s", "--profiles", "p", "--datasets", "d"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return parse_command_line(static_cast<int>(all.size()), all.data());
}

bool is_wrong_usage(const std::variant<host_options, exit_code>& outcome) {
    const auto* const code = std::get_if<exit_code>(&outcome);
    return code != nullptr && *code == exit_code::wrong_usage;
}

} // namespace

TEST_CASE("The command line needs exactly one way to authenticate") {
    CHECK(is_wrong_usage(parsed({})));
    CHECK(is_wrong_usage(parsed({"--insecure-dev", "--credentials", "c"})));
    CHECK(std::get<host_options>(parsed({"--insecure-dev"})).insecure_dev);
    CHECK(std::get<host_options>(parsed({"--credentials", "c"})).credentials == "c");
}

TEST_CASE("Without credentials only a loopback address is listened at") {
    CHECK(is_wrong_usage(parsed({"--insecure-dev", "--listen", "0.0.0.0:80"})));
    CHECK(is_wrong_usage(parsed({"--insecure-dev", "--listen", "[::]:80"})));
    CHECK(std::get<host_options>(parsed({"--insecure-dev", "--listen", "127.3.2.1:80"})).address ==
          "127.3.2.1");
    CHECK(std::get<host_options>(parsed({"--insecure-dev", "--listen", "[::1]:0"})).address == "::1");
    CHECK(std::get<host_options>(parsed({"--credentials", "c", "--listen", "0.0.0.0:80"})).port == 80);
}

TEST_CASE("Segments are in a file beside the job store, unless another one is named") {
    CHECK(std::get<host_options>(parsed({"--insecure-dev"})).segments.empty()); // which a host takes so
    CHECK(std::get<host_options>(parsed({"--insecure-dev", "--segments", "x"})).segments == "x");
    const running_host beside;
    CHECK(std::filesystem::exists(beside.directory() / "segments.db"));
    const temp_directory elsewhere;
    const running_host there([&](auto& options) { options.segments = elsewhere / "own.db"; });
    CHECK(std::filesystem::exists(elsewhere / "own.db"));
    CHECK_FALSE(std::filesystem::exists(there.directory() / "segments.db"));
}

TEST_CASE("An address to listen at is a number and a port") {
    host_options into;
    CHECK(parse_listen("localhost:1", into));
    CHECK(into.address == "127.0.0.1");
    for (const auto* const text :
         {"", "127.0.0.1", ":80", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:65536", "::1:80", "[127.0.0.1]:80",
          "example.org:80", "127.0.0.1:-1", "127.0.0.1:80 "}) {
        CAPTURE(text);
        CHECK_FALSE(parse_listen(text, into));
    }
}

TEST_CASE("TLS needs a certificate and its key, and both name files") {
    CHECK_FALSE(std::get<host_options>(parsed({"--insecure-dev"})).tls);
    CHECK(is_wrong_usage(parsed({"--insecure-dev", "--tls-key", "k"})));
    CHECK(is_wrong_usage(parsed({"--insecure-dev", "--tls-certificate", "c"})));
    const auto both =
        std::get<host_options>(parsed({"--insecure-dev", "--tls-certificate", "c", "--tls-key", "k"}));
    REQUIRE(both.tls);
    CHECK(both.tls->certificate == "c");
    CHECK(both.tls->key == "k");
}

TEST_CASE("Every limit is an option with the contract's default") {
    const auto plain = std::get<host_options>(parsed({"--insecure-dev"}));
    CHECK(plain.limits.body == 1'048'576);
    CHECK(plain.limits.head.header_block == 16'384);
    CHECK(plain.limits.head.target == 8'192);
    CHECK(plain.limits.connections == 4'096);
    CHECK(plain.limits.connections_per_address == 256);
    CHECK(plain.limits.request_time == std::chrono::seconds(30));
    CHECK(plain.limits.idle_time == std::chrono::seconds(60));
    CHECK(plain.limits.failed_logins == 10);
    CHECK(plain.limits.stall_time == std::chrono::seconds(15));
    CHECK(plain.limits.least_rate == 100);
    CHECK(plain.limits.backlog == 4'096);
    CHECK(plain.running == 8);
    CHECK(plain.running_per_tenant == 8);
    CHECK(plain.unfinished_per_tenant == 100'000);
    CHECK(plain.attempts == 5);
    CHECK(plain.documents.depth == 32);
    CHECK(plain.documents.segments == 500);
    CHECK(plain.documents.field_paths == 500);
    CHECK(plain.documents.path_characters == 256);
    const auto changed = std::get<host_options>(parsed({"--insecure-dev",
                                                        "--max-body",
                                                        "5",
                                                        "--max-header-block",
                                                        "6",
                                                        "--max-target",
                                                        "7",
                                                        "--max-connections",
                                                        "8",
                                                        "--max-connections-per-address",
                                                        "9",
                                                        "--request-seconds",
                                                        "10",
                                                        "--idle-seconds",
                                                        "11",
                                                        "--stall-seconds",
                                                        "18",
                                                        "--least-rate",
                                                        "19",
                                                        "--backlog",
                                                        "20",
                                                        "--max-json-depth",
                                                        "12",
                                                        "--max-segments",
                                                        "13",
                                                        "--max-field-paths",
                                                        "14",
                                                        "--max-path-characters",
                                                        "15",
                                                        "--running",
                                                        "16",
                                                        "--attempts",
                                                        "17",
                                                        "--failed-logins",
                                                        "18",
                                                        "--unfinished-per-tenant",
                                                        "21"}));
    CHECK(changed.limits.body == 5);
    CHECK(changed.limits.head.header_block == 6);
    CHECK(changed.limits.head.target == 7);
    CHECK(changed.limits.connections == 8);
    CHECK(changed.limits.connections_per_address == 9);
    CHECK(changed.limits.request_time == std::chrono::seconds(10));
    CHECK(changed.limits.idle_time == std::chrono::seconds(11));
    CHECK(changed.limits.stall_time == std::chrono::seconds(18));
    CHECK(changed.limits.least_rate == 19);
    CHECK(changed.limits.backlog == 20);
    CHECK(changed.documents.depth == 12);
    CHECK(changed.documents.segments == 13);
    CHECK(changed.documents.field_paths == 14);
    CHECK(changed.documents.path_characters == 15);
    CHECK(changed.running == 16);
    CHECK(changed.attempts == 17);
    CHECK(changed.unfinished_per_tenant == 21);
    CHECK(changed.limits.failed_logins == 18);
    CHECK(is_wrong_usage(parsed({"--insecure-dev", "--max-body", "0"})));
    CHECK(is_wrong_usage(parsed({"--insecure-dev", "--running", "none"})));
}

TEST_CASE("A retention names a final status and a whole number of a unit") {
    using namespace std::chrono_literals;
    CHECK(parse_retention("SUCCEEDED=90d")->keep == 24h * 90);
    CHECK(parse_retention("SUCCEEDED=90d")->status == job_status::succeeded);
    CHECK(parse_retention("FAILED=36h")->keep == 36h);
    CHECK(parse_retention("CANCELLED=5m")->keep == 5min);
    CHECK(parse_retention("CANCELLED=0s")->keep == 0s);
    CHECK(parse_retention("FAILED=4294967295d")->keep > 0s);
    for (const auto* const text :
         {"", "SUCCEEDED", "SUCCEEDED=", "SUCCEEDED=d", "SUCCEEDED=1", "SUCCEEDED=1w", "SUCCEEDED=-1d",
          "SUCCEEDED=1.5d", "SUCCEEDED=1dd", "NEW=1d", "succeeded=1d", "SUCCEEDED=4294967296d", "=1d"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_retention(text));
    }
}

TEST_CASE("Memberships have three states unless two are asked for") {
    const auto states = [](std::vector<const char*> words) {
        words.insert(words.begin(), "--insecure-dev");
        return std::get<host_options>(parsed(words)).memberships;
    };
    CHECK(states({}) == membership_states::three);
    CHECK(states({"--memberships", "three-state"}) == membership_states::three);
    CHECK(states({"--memberships", "two-state"}) == membership_states::two);
    CHECK(is_wrong_usage(parsed({"--insecure-dev", "--memberships", "two"})));
}

TEST_CASE("How long superseded batches are kept is a span, or for ever") {
    const auto kept = [](const char* text) {
        return std::get<host_options>(parsed({"--insecure-dev", "--keep-superseded", text})).keep_superseded;
    };
    CHECK(kept("7d") == std::chrono::hours{7 * 24});
    CHECK(kept("0s") == std::chrono::milliseconds{0});
    CHECK_FALSE(kept("forever"));
    CHECK_FALSE(std::get<host_options>(parsed({"--insecure-dev"})).keep_superseded);
    for (const auto* const text : {"", "7", "never", "-1d", "1w"})
        CHECK(is_wrong_usage(parsed({"--insecure-dev", "--keep-superseded", text})));
}
