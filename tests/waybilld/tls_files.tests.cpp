#include <catch2/catch.hpp>

#include <fstream>
#include <iterator>

#include "client.hpp"
#include "support/certificate.hpp"
#include "tls.hpp"

using namespace waybill;
using namespace waybill::http;
using namespace waybill::test;
using Catch::Contains;

namespace {

std::string pem_of(const std::filesystem::path& file) {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
}

void write_pem(const std::filesystem::path& file, const std::string& text) { std::ofstream(file) << text; }

std::string why_refused(const std::filesystem::path& certificate, const std::filesystem::path& key) {
    const auto loaded = load_tls({certificate, key});
    return loaded ? "none" : loaded.error().message;
}

} // namespace

TEST_CASE("A certificate and a key that cannot be used are refused with the file and the reason") {
    const temp_directory dir;
    const auto good = make_certificate(dir.path(), "good");
    const auto other = make_certificate(dir.path(), "other");
    const auto locked = make_certificate(dir.path(), "locked", "open sesame");
    CHECK(why_refused(good.certificate, good.key) == "none");
    CHECK_THAT(why_refused(dir / "none.pem", good.key), Contains("none.pem' cannot be read: No such file"));
    CHECK_THAT(why_refused(good.certificate, dir / "none.key"),
               Contains("none.key' cannot be read: No such file"));
    CHECK_THAT(why_refused(dir.path(), good.key), Contains("cannot be read: Is a directory"));
    CHECK_THAT(why_refused(good.key, good.key), Contains("good.key' has no certificate in PEM"));
    CHECK_THAT(why_refused(good.certificate, good.certificate),
               Contains("good.pem' has no private key in PEM"));
    CHECK_THAT(why_refused(locked.certificate, locked.key), Contains("locked.key' is encrypted"));
    CHECK_THAT(why_refused(good.certificate, other.key),
               Contains("other.key' does not belong to the certificate") && Contains("good.pem"));
    write_pem(dir / "empty", "");
    CHECK_THAT(why_refused(dir / "empty", good.key), Contains("empty' has no certificate"));
    CHECK_THAT(why_refused(good.certificate, dir / "empty"), Contains("empty' has no private key"));
}

TEST_CASE("Each certificate of the chain must be readable") {
    const temp_directory dir;
    const auto own = make_certificate(dir.path(), "own");
    const auto next = make_certificate(dir.path(), "next");
    write_pem(dir / "chain.pem", pem_of(own.certificate) + pem_of(next.certificate) + "\n# the end\n");
    CHECK(why_refused(dir / "chain.pem", own.key) == "none");
    auto broken = pem_of(next.certificate);
    broken.replace(broken.size() / 2, 10, "!!!!!!!!!!");
    write_pem(dir / "broken.pem", pem_of(own.certificate) + broken);
    CHECK_THAT(why_refused(dir / "broken.pem", own.key),
               Contains("broken.pem' has a chain that cannot be read"));
}

TEST_CASE("A host does not start with a certificate and a key that do not go together") {
    const temp_directory dir;
    const auto one = make_certificate(dir.path(), "one");
    const auto other = make_certificate(dir.path(), "other");
    CHECK_THROWS_WITH(running_host([&](host_options& options) {
                          options.tls = tls_files{one.certificate, other.key};
                      }),
                      Contains("does not belong"));
}
