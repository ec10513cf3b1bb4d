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
