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

std::string text_of(const std::filesystem::path& file) {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
}

void write(const std::filesystem::path& file, const std::string& text) { std::ofstream(file) << text; }

std::string refusal(const std::filesystem::path& certificate, const std::filesystem::path& key) {
    const auto loaded = load_tls({certificate, key});
    return loaded ? "none" : loaded.error().message;
}

} // namespace

TEST_CASE("A certificate and a key that cannot be used are refused with the file and the reason") {
    const temp_directory dir;
    const auto good = make_certificate(dir.path(), "good");
    const auto other = make_certificate(dir.path(), "other");
    const auto locked = make_certificate(dir.path(), "locked", "open sesame");
    CHECK(refusal(good.certificate, good.key) == "none");
    CHECK_THAT(refusal(dir / "none.pem", good.key), Contains("none.pem' cannot be read: No such file"));
    CHECK_THAT(refusal(good.certificate, dir / "none.key"),
               Contains("none.key' cannot be read: No such file"));
    CHECK_THAT(refusal(dir.path(), good.key), Contains("cannot be read: Is a directory"));
    CHECK_THAT(refusal(good.key, good.key), Contains("good.key' has no certificate in PEM"));
    CHECK_THAT(refusal(good.certificate, good.certificate), Contains("good.pem' has no private key in PEM"));
    CHECK_THAT(refusal(locked.certificate, locked.key), Contains("locked.key' is encrypted"));
    CHECK_THAT(refusal(good.certificate, other.key),
               Contains("other.key' does not belong to the certificate") && Contains("good.pem"));
    write(dir / "empty", "");
    CHECK_THAT(refusal(dir / "empty", good.key), Contains("empty' has no certificate"));
    CHECK_THAT(refusal(good.certificate, dir / "empty"), Contains("empty' has no private key"));
}

TEST_CASE("Each certificate of the chain must be readable") {
    const temp_directory dir;
    const auto own = make_certificate(dir.path(), "own");
    const auto next = make_certificate(dir.path(), "next");
    write(dir / "chain.pem", text_of(own.certificate) + text_of(next.certificate) + "\n# the end\n");
    CHECK(refusal(dir / "chain.pem", own.key) == "none");
    auto broken = text_of(next.certificate);
    broken.replace(broken.size() / 2, 10, "!!!!!!!!!!");
    write(dir / "broken.pem", text_of(own.certificate) + broken);
    CHECK_THAT(refusal(dir / "broken.pem", own.key), Contains("broken.pem' has a chain that cannot be read"));
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
