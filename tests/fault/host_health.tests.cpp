// What the real host says of its own health while its disk fails or stands still.
#include <cerrno>

#include <catch2/catch.hpp>

#include "fault/faulty_host.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

injected broken_writes(int error) {
    injected faults;
    faults.under = "jobs.db";
    faults.group = "write";
    faults.error = error;
    return faults;
}

/// What `/metrics` says of the writes so far.
std::string writes_of(const faulty_host& host) {
    const auto text = host.ask("GET", "/metrics").body;
    const auto at = text.find("\nwaybill_store_writes_total ") + 1;
    return text.substr(at, text.find('\n', at) - at);
}

/// Alive and ready.
bool is_well(const faulty_host& host) {
    return host.ask("GET", "/healthz").status == 200 && host.ask("GET", "/readyz").status == 200;
}

} // namespace

TEST_CASE("a host that cannot write its store is alive but not ready, says why, and is ready when it can") {
    const std::pair<int, std::string> reasons[]{{ENOSPC, "the disk is full\n"},
                                                {EIO, "the store cannot be written\n"}};
    for (const auto& [error, reason] : reasons) {
        faulty_host host;
        host.start(broken_writes(error));
        host.at_end(host.created("people"));
        CHECK(is_well(host));
        host.fail();
        CHECK(host.create("people").status != 200);
        for (int look = 0; look < 2; ++look) {
            const auto seen = host.ask("GET", "/readyz");
            CHECK(seen.status == 503);
            CHECK(seen.body == reason);
        }
        CHECK(host.ask("GET", "/healthz").status == 200);
        host.mend();
        CHECK(is_well(host)); // though nobody has written meanwhile
        const auto before = writes_of(host);
        CHECK(is_well(host));
        CHECK(writes_of(host) == before); // to look at a host that is well costs nothing
    }
}

TEST_CASE("a host whose writer stands still is neither alive nor ready, until it goes on") {
    faulty_host host;
    auto faults = broken_writes(0);
    faults.group = "sync";
    faults.stalls = true;
    host.start(faults, {"--health-seconds", "1"});
    CHECK(is_well(host));
    host.fail();
    boost::asio::ip::tcp::iostream waiting("127.0.0.1", host.port());
    waiting << faulty_host::creation("people") << std::flush;
    host.spin_until([&] { return host.ask("GET", "/healthz").status == 503; });
    CHECK(host.ask("GET", "/healthz").body.starts_with("the writer has not come round for "));
    CHECK(host.ask("GET", "/readyz").status == 503);
    host.mend();
    CHECK(faulty_host::answer_from(waiting).status == 200);
    host.spin_until([&] { return is_well(host); });
}
