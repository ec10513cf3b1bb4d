#include <catch2/catch.hpp>

#include "support/certificate.hpp"
#include "support/program.hpp"
#include "support/temp_directory.hpp"

using namespace waybill::test;
using Catch::Contains;

namespace {

struct secured_host {
    temp_directory dir;
    certificate_files shown = make_certificate(dir.path(), "shown");
    running_host host{dir.path(),
                      {"--insecure-dev", "--tls-certificate", shown.certificate, "--tls-key", shown.key}};

    program_result list(const std::string& url, std::vector<std::string> more) const {
        more.insert(more.begin(), {"jobs", "list", "--org", "acme", "--json", "--url", url});
        return waybill_tool(more, {{}, {"WAYBILL_TOKEN=t", "WAYBILL_API_KEY=k"}, {}});
    }
};

} // namespace

TEST_CASE("A host under TLS is asked when its certificate is trusted, and not otherwise") {
    const secured_host secured;
    const auto url = secured.host.url();
    CHECK(url.starts_with("https://127.0.0.1:"));
    const auto trusted = secured.list(url, {"--ca-file", secured.shown.certificate});
    CAPTURE(trusted.err);
    CHECK(trusted.code == 0);
    CHECK(trusted.json()["records"].empty());

    const auto unknown = secured.list(url, {});
    CHECK(unknown.code == 1);
    CHECK_THAT(unknown.err,
               Contains("the certificate of " + url + " is not trusted: self") && Contains("--ca-file"));
    const auto other = make_certificate(secured.dir.path(), "other");
    CHECK(secured.list(url, {"--ca-file", other.certificate}).code == 1);
}

TEST_CASE("A certificate that is trusted, but of another name, is not enough") {
    const temp_directory dir;
    const auto shown = make_certificate(dir.path(), "shown", {}, "DNS:localhost,IP:192.0.2.1");
    const running_host host(
        dir.path(), {"--insecure-dev", "--tls-certificate", shown.certificate, "--tls-key", shown.key});
    const auto asked = [&](const std::string& name) {
        return waybill_tool({"stats", "--url", "https://" + name + ":" + std::to_string(host.port()),
                             "--ca-file", shown.certificate});
    };
    CHECK(asked("localhost").code == 0);
    const auto other = asked("127.0.0.1");
    CHECK(other.code == 1);
    CHECK_THAT(other.err, Contains("is not trusted: IP address mismatch"));
}

TEST_CASE("Statistics and looks are read from a host under TLS too") {
    const secured_host secured;
    const std::vector<std::string> where{"--url", secured.host.url(), "--ca-file", secured.shown.certificate,
                                         "--json"};
    for (const auto* const command : {"stats", "top"}) {
        auto arguments = where;
        arguments.insert(arguments.begin(), command);
        const auto told = waybill_tool(arguments);
        CAPTURE(command, told.err);
        CHECK(told.code == 0);
        CHECK(told.json()["jobs"]["NEW"] == 0);
    }
}

TEST_CASE("What does not go together with TLS is said") {
    const secured_host secured;
    const auto plain = secured.list("http://127.0.0.1:" + std::to_string(secured.host.port()), {});
    CHECK(plain.code == 1);
    const auto useless = secured.list("http://127.0.0.1:1", {"--ca-file", secured.shown.certificate});
    CHECK(useless.code == 2);
    CHECK_THAT(useless.err, Contains("--ca-file is for a --url that begins with https://"));
    CHECK(waybill_tool({"stats", "--store", "x", "--ca-file", "y"}).code == 2);
    const auto nothing = secured.list(secured.host.url(), {"--ca-file", secured.dir / "none.pem"});
    CHECK(nothing.code == 1);
    CHECK_THAT(nothing.err, Contains("none.pem cannot be read"));
}

TEST_CASE("A host whose key does not fit ends at once, with exit code 1 and the reason") {
    const temp_directory dir;
    const auto one = make_certificate(dir.path(), "one");
    const auto other = make_certificate(dir.path(), "other");
    const auto locked = make_certificate(dir.path(), "locked", "open sesame");
    const auto started = [&](const certificate_files& files) {
        return run(WAYBILLD, {"--store", dir / "j", "--profiles", dir / "p", "--datasets", dir / "d",
                              "--listen", "127.0.0.1:0", "--insecure-dev", "--tls-certificate",
                              files.certificate, "--tls-key", files.key});
    };
    const auto foreign = started({one.certificate, other.key});
    CHECK(foreign.code == 1);
    CHECK_THAT(foreign.err, Contains("other.key' does not belong to the certificate"));
    const auto encrypted = started(locked);
    CHECK(encrypted.code == 1);
    CHECK_THAT(encrypted.err, Contains("locked.key' is encrypted"));
}
