#include <catch2/catch.hpp>

#include <openssl/evp.h>
#include <sys/stat.h>

#include "support/program.hpp"
#include "support/temp_directory.hpp"

using namespace waybill::test;
using Catch::Contains;

namespace {

std::string sha256(const std::string& text) {
    unsigned char digest[32];
    EVP_Digest(text.data(), text.size(), digest, nullptr, EVP_sha256(), nullptr);
    std::string hex;
    for (const auto byte : digest)
        for (const auto shift : {4, 0})
            hex += "0123456789abcdef"[(byte >> shift) & 15];
    return hex;
}

program_result add(const std::filesystem::path& file, const std::string& name,
                   std::vector<std::string> more = {}) {
    std::vector<std::string> arguments{"credentials", "add",  "--credentials", file,   "--name", name,
                                       "--org",       "acme", "--sandbox",     "prod", "--json"};
    if (more.empty()) more = {"--role", "write"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return waybill_tool(arguments);
}

program_result on(const std::filesystem::path& file, std::vector<std::string> asked) {
    asked.insert(asked.begin(), "credentials");
    asked.insert(asked.end(), {"--credentials", file});
    return waybill_tool(asked);
}

} // namespace

TEST_CASE("A new credential's token and key are printed once, and the file holds only their digests") {
    const temp_directory dir;
    const auto file = dir / "credentials.json";
    const auto added =
        add(file, "demo", {"--role", "write", "--sandbox", "dev", "--expires", "2030-01-01T00:00:00Z"});
    REQUIRE(added.code == 0);
    const auto token = added.json()["token"].get<std::string>();
    const auto key = added.json()["apiKey"].get<std::string>();
    CHECK(token.size() >= 64);
    CHECK(token != key);

    const auto text = read_file(file);
    CHECK_THAT(text, !Contains(token) && !Contains(key));
    const nlohmann::json expected{{"credentials",
                                   {{{"name", "demo"},
                                     {"tokenSha256", sha256(token)},
                                     {"apiKeySha256", sha256(key)},
                                     {"orgs", {"acme"}},
                                     {"sandboxes", {"prod", "dev"}},
                                     {"roles", {"read", "write"}},
                                     {"expires", "2030-01-01T00:00:00Z"}}}}};
    CHECK(nlohmann::json::parse(text) == expected);
    struct stat state {};
    REQUIRE(::stat(file.c_str(), &state) == 0);
    CHECK((state.st_mode & 07777) == 0600);
    CHECK(std::distance(std::filesystem::directory_iterator(dir.path()), {}) == 1);
}

TEST_CASE("Adding a credential keeps the others, with what this version does not know of them") {
    const temp_directory dir;
    const auto file = dir / "credentials.json";
    write_file(file, R"({"credentials":[{"name":"old","future":[1.50,null]}],"comment":"kept"})");
    REQUIRE(add(file, "new").code == 0);
    const auto document = nlohmann::json::parse(read_file(file));
    CHECK(document["comment"] == "kept");
    REQUIRE(document["credentials"].size() == 2);
    CHECK(document["credentials"][0] == nlohmann::json::parse(R"({"name":"old","future":[1.50,null]})"));
    CHECK(document["credentials"][1]["name"] == "new");
}

TEST_CASE("A name that is taken, or a file that holds something else, is refused and left as it is") {
    const temp_directory dir;
    const auto file = dir / "credentials.json";
    REQUIRE(add(file, "demo").code == 0);
    const auto before = read_file(file);
    const auto again = add(file, "demo");
    CHECK(again.code == 1);
    CHECK(again.out.empty());
    CHECK_THAT(again.err, Contains("demo"));
    CHECK(read_file(file) == before);

    write_file(file, "not credentials");
    CHECK(add(file, "demo").code == 1);
    CHECK(read_file(file) == "not credentials");
    CHECK(add(dir / "missing/credentials.json", "demo").code == 1);
}

TEST_CASE("A file of credentials may be named without a folder, and a link to one stays a link") {
    const temp_directory dir;
    const auto here = [&](const std::string& name) {
        return waybill_tool({"credentials", "add", "--credentials", "c.json", "--name", name, "--org", "acme",
                             "--sandbox", "prod", "--role", "read"},
                            {{}, {}, dir.path()});
    };
    REQUIRE(here("one").code == 0);
    std::filesystem::create_directory(dir / "kept");
    std::filesystem::rename(dir / "c.json", dir / "kept/c.json");
    std::filesystem::create_symlink("kept/c.json", dir / "c.json");
    REQUIRE(here("two").code == 0);
    CHECK(std::filesystem::is_symlink(dir / "c.json"));
    CHECK(nlohmann::json::parse(read_file(dir / "kept/c.json"))["credentials"].size() == 2);
}

TEST_CASE("A role includes the ones before it") {
    const temp_directory dir;
    CHECK(add(dir / "r", "demo", {"--role", "read"}).json()["roles"] == nlohmann::json({"read"}));
    CHECK(add(dir / "a", "demo", {"--role", "admin"}).json()["roles"] ==
          nlohmann::json({"read", "write", "admin"}));
}

TEST_CASE("No two credentials have the same token") {
    const temp_directory dir;
    const auto first = add(dir / "c", "one").json();
    const auto second = add(dir / "c", "two").json();
    CHECK(first["token"] != second["token"]);
    CHECK(first["apiKey"] != second["apiKey"]);
}

TEST_CASE("Credentials are listed with what they may do and until when, and never with a whole digest") {
    const temp_directory dir;
    const auto file = dir / "credentials.json";
    const auto first = add(file, "first", {"--role", "write", "--sandbox", "dev"}).json();
    const auto second = add(file, "second", {"--role", "read", "--expires", "2020-01-01T00:00:00Z"}).json();
    REQUIRE(add(file, "third", {"--role", "admin", "--expires", "2999-01-01T00:00:00Z"}).code == 0);
    const auto digest = sha256(first["token"]);
    const auto listed = on(file, {"list", "--json"}).json()["credentials"];
    REQUIRE(listed.size() == 3);
    CHECK(listed[0] == nlohmann::json{{"name", "first"},
                                      {"orgs", {"acme"}},
                                      {"sandboxes", {"prod", "dev"}},
                                      {"roles", {"read", "write"}},
                                      {"expires", nullptr},
                                      {"expired", false},
                                      {"tokenDigest", digest.substr(0, 8)}});
    CHECK(listed[1]["expires"] == "2020-01-01T00:00:00Z");
    CHECK(listed[1]["expired"] == true);
    CHECK(listed[2]["expired"] == false);

    const auto shown = on(file, {"list"});
    CHECK(shown.code == 0);
    CHECK_THAT(shown.out, Contains("first") && Contains("prod, dev") && Contains("read, write") &&
                              Contains("never") && Contains("2020-01-01T00:00:00Z (over)"));
    for (const auto& text : {shown.out, on(file, {"list", "--json"}).out})
        for (const auto& secret : {first["token"], first["apiKey"], second["token"]})
            CHECK_THAT(text, !Contains(secret.get<std::string>()) &&
                                 !Contains(sha256(secret.get<std::string>()).substr(0, 16)));
}

TEST_CASE("A revoked credential is taken out of the file, and nothing else of it changes") {
    const temp_directory dir;
    const auto file = dir / "credentials.json";
    write_file(file, R"({"credentials":[{"name":"old","future":[1.50,null]}],"comment":"kept"})");
    REQUIRE(add(file, "leaver").code == 0);
    REQUIRE(add(file, "stayer").code == 0);
    auto expected = nlohmann::json::parse(read_file(file));
    expected["credentials"].erase(1);
    const auto revoked = on(file, {"revoke", "--name", "leaver"});
    CHECK(revoked.code == 0);
    CHECK(revoked.out == "revoked leaver; 2 left\n");
    CHECK_THAT(revoked.err, Contains("SIGHUP"));
    CHECK(nlohmann::json::parse(read_file(file)) == expected);
    struct stat state {};
    REQUIRE(::stat(file.c_str(), &state) == 0);
    CHECK((state.st_mode & 07777) == 0600);
    CHECK(std::distance(std::filesystem::directory_iterator(dir.path()), {}) == 1);
    CHECK(on(file, {"revoke", "--name", "stayer", "--json"}).json() ==
          nlohmann::json{{"revoked", "stayer"}, {"left", 1}});
    REQUIRE(on(file, {"revoke", "--name", "old"}).code == 0);
    CHECK(on(file, {"list", "--json"}).json() == nlohmann::json{{"credentials", nlohmann::json::array()}});
}

TEST_CASE("A credential or a file of them that is not there is not found, and nothing is written") {
    const temp_directory dir;
    const auto file = dir / "credentials.json";
    CHECK(on(file, {"list"}).code == 3);
    CHECK(on(file, {"revoke", "--name", "demo"}).code == 3);
    CHECK(std::filesystem::is_empty(dir.path()));
    REQUIRE(add(file, "demo").code == 0);
    const auto before = read_file(file);
    const auto missing = on(file, {"revoke", "--name", "Demo"});
    CHECK(missing.code == 3);
    CHECK(missing.out.empty());
    CHECK_THAT(missing.err, Contains("no credential Demo"));
    CHECK(read_file(file) == before);

    write_file(file, R"({"credentials":[{"name":"n","orgs":"acme"}]})");
    const auto odd = on(file, {"list"});
    CHECK(odd.code == 1);
    CHECK_THAT(odd.err, Contains("credential 1"));
    write_file(file, "not credentials");
    CHECK(on(file, {"list"}).code == 1);
    CHECK(on(file, {"revoke", "--name", "n"}).code == 1);
    CHECK(read_file(file) == "not credentials");
}
