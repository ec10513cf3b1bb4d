#include <catch2/catch.hpp>

#include "support/program.hpp"
#include "support/temp_directory.hpp"

using namespace waybill::test;

namespace {

nlohmann::json add(const std::filesystem::path& file, const std::string& name) {
    return waybill_tool({"credentials", "add", "--credentials", file, "--name", name, "--org", "acme",
                         "--sandbox", "prod", "--role", "read", "--json"})
        .json();
}

int list(const running_host& host, const nlohmann::json& secret) {
    return waybill_tool({"jobs", "list", "--url", host.url(), "--org", "acme"},
                        {{},
                         {"WAYBILL_TOKEN=" + secret["token"].get<std::string>(),
                          "WAYBILL_API_KEY=" + secret["apiKey"].get<std::string>()},
                         {}})
        .code;
}

} // namespace

TEST_CASE("A hangup has a host read its credentials again, as often as it comes") {
    const temp_directory dir;
    const auto file = dir / "credentials.json";
    const auto first = add(file, "first");
    running_host host(dir.path(), {"--credentials", file});
    CHECK(list(host, first) == 0);
    const auto second = add(file, "second");
    CHECK(list(host, second) == 1);
    ::kill(host.pid(), SIGHUP);
    host.wait_for_line("the credentials have been read again");
    CHECK(list(host, second) == 0);
    CHECK(list(host, first) == 0);

    const auto before = read_file(file);
    write_file(file, "{");
    ::kill(host.pid(), SIGHUP);
    host.wait_for_line("the credentials stay as they were");
    CHECK(list(host, second) == 0);

    write_file(file, before);
    REQUIRE(waybill_tool({"credentials", "revoke", "--credentials", file, "--name", "second"}).code == 0);
    ::kill(host.pid(), SIGHUP);
    while (list(host, second) == 0) // the line that tells it is there already
        ;
    CHECK(list(host, first) == 0);
    CHECK(host.stop() == 0);
}
