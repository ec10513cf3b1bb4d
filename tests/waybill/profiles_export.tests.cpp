#include <catch2/catch.hpp>

#include "support/program.hpp"
#include "support/temp_directory.hpp"
#include "support/terminal_program.hpp"

using namespace waybill::test;
using Catch::Contains;
using nlohmann::json;

namespace {

/// A store of two tenants, and what is written of it.
struct exported_store {
    temp_directory dir{};
    std::filesystem::path form = dir / "out" / "form";

    exported_store() {
        std::filesystem::create_directory(dir / "out");
        import("acme", "profiles", R"({"identityMap":{"Email":[{"id":"a"}]},"n":0.10})");
        import("zenith", "profiles", R"({"identityMap":{"Email":[{"id":"b"}]}})");
        import("acme", "events",
               R"({"_id":"1","timestamp":"2024-01-01T00:00:00Z","identityMap":{"Email":[{"id":"a"}]}})");
    }

    void import(const std::string& org, const std::string& kind, const std::string& text) const {
        const auto imported =
            waybill_tool({kind, "import", "-", "--profiles", dir / "profiles.db", "--dataset", "crm", "--org",
                          org, "--ingest-time", "2024-01-01T00:00:00Z"},
                         {text, {}, {}});
        REQUIRE(imported.code == 0);
    }
    std::vector<std::string> line(std::vector<std::string> more = {}) const {
        std::vector<std::string> all{"profiles", "export", "--profiles", dir / "profiles.db", "--to", form};
        all.insert(all.end(), more.begin(), more.end());
        return all;
    }
    program_result written(std::vector<std::string> more = {}) const { return waybill_tool(line(more)); }
    bool left_nothing() const { return std::filesystem::is_empty(dir / "out"); }
};

} // namespace

TEST_CASE("The profiles' form is written, and what it holds is told") {
    const exported_store store;
    const auto made = store.written({"--json"});
    REQUIRE(made.code == 0);
    CHECK(made.err.empty());
    const auto size = read_file(store.form / "fragments/fragments-00000.ndjson").size() +
                      read_file(store.form / "events/events-00000.ndjson").size();
    CHECK(made.json() ==
          json{{"fragments", 2}, {"events", 1}, {"policies", 0}, {"files", 2}, {"bytes", size}});
    CHECK_THAT(read_file(store.form / "fragments/fragments-00000.ndjson"),
               Contains(R"("record":{"n":0.10})"));

    const auto again = store.written();
    CHECK(again.code == 1);
    CHECK_THAT(again.err, Contains(store.form.string()) && Contains("is there already"));
    CHECK(std::filesystem::exists(store.form / "policies.json"));
}

TEST_CASE("The profiles of one tenant are written when it is named, and compressed when that is asked for") {
    const exported_store store;
    const auto made = store.written({"--org", "acme", "--compression", "gzip"});
    REQUIRE(made.code == 0);
    CHECK_THAT(made.out, Contains("fragments  events  policies  files") && Contains("1       1"));
    CHECK(std::filesystem::exists(store.form / "fragments/fragments-00000.ndjson.gz"));
}

TEST_CASE("A form that cannot be asked for so is not begun") {
    const exported_store store;
    CHECK(store.written({"--sandbox", "prod"}).code == 2);
    CHECK(store.written({"--org", ""}).code == 2);
    CHECK(store.written({"--compression", "zstd"}).code == 2);
    const auto unknown = store.written({"--org", "nobody"});
    CHECK(unknown.code == 3);
    CHECK_THAT(unknown.err, Contains("nobody"));
    CHECK(waybill_tool({"profiles", "export", "--store", store.dir / "none.db", "--to", store.form}).code ==
          3);
    CHECK(waybill_tool(
              {"profiles", "export", "--store", store.dir / "profiles.db", "--to", store.form / "below"})
              .code == 3);
    CHECK(store.left_nothing());
}

TEST_CASE("A form for which there is no room says where, and leaves nothing") {
    const exported_store store;
    std::string records;
    for (int i = 0; i < 2'000; ++i)
        records += R"({"identityMap":{"Email":[{"id":")" + std::to_string(i) + R"("}]},"about":")" +
                   std::string(400, 'x') + "\"}\n";
    store.import("acme", "profiles", records);
    const auto limited =
        run("/bin/sh", {"-c", "ulimit -f 200; exec " WAYBILL_TOOL " profiles export --profiles " +
                                  (store.dir / "profiles.db").string() + " --to " + store.form.string()});
    CHECK(limited.code == 1);
    CHECK_THAT(limited.err,
               Contains("waybill: ") && Contains("fragments-00000.ndjson") && Contains("too large"));
    CHECK(store.left_nothing());
    CHECK(store.written().code == 0);
}

TEST_CASE("On a terminal an export of profiles shows how far it is") {
    const exported_store store;
    std::string records;
    for (int i = 0; i < 1'500; ++i)
        records += R"({"identityMap":{"Email":[{"id":")" + std::to_string(i) + "\"}]}}\n";
    store.import("acme", "profiles", records);
    terminal_program watched(WAYBILL_TOOL, store.line());
    CHECK(watched.wait() == 0);
    CHECK_THAT(watched.written(), Contains("1,000 fragments, 0 events, ") && Contains(" lines/s"));
}
