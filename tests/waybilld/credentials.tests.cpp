#include <catch2/catch.hpp>

#include <fstream>

#include "credentials.hpp"
#include "digest.hpp"
#include "support/temp_directory.hpp"

using namespace waybill;
using namespace waybill::http;

namespace {

std::string entry(const std::string& changes = {}) {
    return R"({"name":"n","tokenSha256":")" + sha256_hex("token") + R"(","apiKeySha256":")" +
           sha256_hex("key") + R"(","orgs":["o"],"sandboxes":["prod"],"roles":["read"])" + changes + "}";
}

std::string book(const std::string& entries) { return R"({"credentials":[)" + entries + "]}"; }

std::string replaced(std::string text, const std::string& what, const std::string& with) {
    return text.replace(text.find(what), what.size(), with);
}

} // namespace

TEST_CASE("The digest is SHA-256 in lower-case hex") {
    CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST_CASE("Secrets are the same only when every byte is") {
    CHECK(same_secret("abc", "abc"));
    CHECK(same_secret("", ""));
    CHECK_FALSE(same_secret("abc", "abd"));
    CHECK_FALSE(same_secret("abc", "ab"));
}

TEST_CASE("A credential is found by its token alone") {
    const auto read = credential_book::parse(book(entry()));
    REQUIRE(read);
    const auto* const found = read->find("token", wall_clock());
    REQUIRE(found != nullptr);
    CHECK(found->name == "n");
    CHECK(found->has_key("key"));
    CHECK_FALSE(found->has_key("token"));
    CHECK(found->has_org("o"));
    CHECK_FALSE(found->has_org("O"));
    CHECK(found->has_sandbox("prod"));
    CHECK(read->find("Token", wall_clock()) == nullptr);
    CHECK(read->find("", wall_clock()) == nullptr);
    CHECK(read->find(sha256_hex("token"), wall_clock()) == nullptr);
}

TEST_CASE("A credential ends at the moment of its expiry") {
    const auto read = credential_book::parse(book(entry(R"(,"expires":"2030-01-01T01:00:00+01:00")")));
    REQUIRE(read);
    const auto end = *parse_rfc3339("2030-01-01T00:00:00Z");
    CHECK(read->find("token", end - std::chrono::milliseconds(1)) != nullptr);
    CHECK(read->find("token", end) == nullptr);
    const auto never = credential_book::parse(book(entry(R"(,"expires":null)")));
    REQUIRE(never);
    CHECK(never->find("token", end) != nullptr);
}

TEST_CASE("Each role includes the lesser ones") {
    const auto allows = [](const std::string& roles, role needed) {
        const auto read = credential_book::parse(book(replaced(entry(), R"(["read"])", roles)));
        return read.value().find("token", wall_clock())->allows(needed);
    };
    CHECK(allows(R"(["read"])", role::read));
    CHECK_FALSE(allows(R"(["read"])", role::write));
    CHECK(allows(R"(["write"])", role::read));
    CHECK(allows(R"(["read","write"])", role::write));
    CHECK_FALSE(allows(R"(["write"])", role::admin));
    CHECK(allows(R"(["admin"])", role::write));
    CHECK_FALSE(allows("[]", role::read));
}

TEST_CASE("A credentials file that breaks a rule is refused with the place") {
    const auto message = [](const std::string& text) {
        const auto read = credential_book::parse(text);
        REQUIRE_FALSE(read);
        return read.error().message;
    };
    CHECK(message("") == "it is no JSON");
    CHECK(message("[]") == "it has no array \"credentials\"");
    CHECK(message(R"({"credentials":{}})") == "it has no array \"credentials\"");
    CHECK(message(book("1")) == "credential 1: each credential must be an object");
    CHECK(message(book(entry() + "," + replaced(entry(), sha256_hex("key"), "ABC"))) ==
          "credential 2: apiKeySha256 must be 64 lower-case hex digits");
    CHECK(message(book(replaced(entry(), R"(["read"])", R"(["root"])"))) ==
          "credential 1: roles may be read, write and admin");
    CHECK(message(book(replaced(entry(), R"(["o"])", "\"o\""))) ==
          "credential 1: orgs must be an array of texts");
    CHECK(message(book(entry(R"(,"expires":"tomorrow")"))) ==
          "credential 1: expires must be an RFC 3339 time");
    CHECK(message(book(replaced(entry(), R"("name":"n",)", ""))) == "credential 1: name must be a text");
}

TEST_CASE("A credentials file is read from the disk, and a missing one is named") {
    const test::temp_directory directory;
    const auto file = directory / "credentials.json";
    REQUIRE_FALSE(credential_book::load(file));
    CHECK_THAT(credential_book::load(file).error().message, Catch::Contains(file.string()));
    std::ofstream(file) << book(entry());
    CHECK(credential_book::load(file));
    CHECK_THAT(credential_book::load(directory.path()).error().message, Catch::Contains("Is a directory"));
    std::ofstream(file) << "";
    CHECK_THAT(credential_book::load(file).error().message, Catch::Contains("it is no JSON"));
}
