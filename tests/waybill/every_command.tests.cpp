// What holds for each command of the tool alike.
#include <catch2/catch.hpp>

#include <waybill/dataset_publisher.hpp>

#include "support/a_job.hpp"
#include "support/program.hpp"
#include "support/temp_store.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

/// Each command once, on a store that nobody owns and in an order in which each can be done.
std::vector<std::vector<std::string>> commands_on(const std::string& jobs, const std::filesystem::path& dir,
                                                  const std::string& id) {
    const std::string profiles = dir / "profiles.db", secrets = dir / "credentials.json";
    const std::vector<std::string> of_acme{"--store", jobs, "--org", acme.org, "--sandbox", acme.sandbox};
    const auto on_jobs = [&](std::vector<std::string> line) {
        line.insert(line.end(), of_acme.begin(), of_acme.end());
        return line;
    };
    const auto import = [&](const std::string& kind, const std::string& file) {
        return std::vector<std::string>{kind,        "import", dir / file, "--profiles", profiles,
                                        "--dataset", "crm",    "--org",    acme.org};
    };
    const auto name = [&](const std::string& verb) {
        return std::vector<std::string>{"credentials", verb, "--credentials", secrets, "--name", "n"};
    };
    const auto on_segments = [&](std::vector<std::string> line) {
        line.insert(line.begin(), "segments");
        line.insert(line.end(), {"--segments", dir / "segments.db", "--org", acme.org});
        return line;
    };
    auto added = name("add");
    added.insert(added.end(), {"--org", acme.org, "--sandbox", "prod", "--role", "read"});
    return {import("profiles", "profile.ndjson"),
            import("events", "event.ndjson"),
            {"profiles", "export", "--profiles", profiles, "--to", dir / "form"},
            {"migrate", "status", "--store", jobs},
            {"migrate", "up", "--store", jobs},
            {"migrate", "verify", "--store", jobs},
            {"migrate", "dump", "--store", jobs},
            on_jobs({"jobs", "list"}),
            on_jobs({"jobs", "show", id}),
            on_jobs({"jobs", "cancel", id}),
            on_jobs({"jobs", "retry", id}),
            on_jobs({"datasets", "set", "people", "--format", "csv"}),
            on_jobs({"datasets", "list", "--datasets", dir / "datasets"}),
            {"datasets", "show", "people", "--datasets", dir / "datasets", "--org", acme.org},
            {"datasets", "verify", "--datasets", dir / "datasets", "--org", acme.org},
            on_segments({"add", "a = 1", "--name", "n", "--id", "s"}),
            on_segments({"list"}),
            on_segments({"show", "s"}),
            on_segments({"remove", "s"}),
            {"backup", "--segments", dir / "segments.db", "--to", dir / "segments-backup.db"},
            {"segments", "test", "a = 1", "--profile", dir / "profile.ndjson"},
            {"audit", "list", "--store", jobs},
            {"stats", "--store", jobs},
            {"top", "--once", "--store", jobs},
            {"doctor", "--store", jobs},
            {"backup", "--store", jobs, "--to", dir / "backup.db"},
            {"restore", "--store", jobs, "--from", dir / "backup.db"},
            added,
            {"credentials", "list", "--credentials", secrets},
            name("revoke"),
            {"migrate", "down", "--store", jobs, "--to", "1"}};
}

/// What each prints, for people or as JSON, on files of its own.
std::vector<program_result> printed(bool as_json) {
    temp_store store;
    const auto id = std::to_string(store->create(acme, a_job()).value().id);
    store.close();
    const temp_directory dir;
    std::filesystem::create_directories(dataset_directory(dir / "datasets", {acme.org, "prod"}, "people"));
    write_file(dir / "profile.ndjson", R"({"identityMap":{"Email":[{"id":"a"}]}})");
    write_file(dir / "event.ndjson",
               R"({"_id":"1","timestamp":"2024-01-01T00:00:00Z","identityMap":{"Email":[{"id":"a"}]}})");
    std::vector<program_result> all;
    for (auto line : commands_on(store.file(), dir.path(), id)) {
        if (as_json) line.emplace_back("--json");
        all.push_back(waybill_tool(line));
        CAPTURE(line, all.back().err);
        CHECK(all.back().code == 0);
    }
    return all;
}

} // namespace

TEST_CASE("Every command prints for people, and with --json one JSON document for programs") {
    for (const auto& each : printed(true)) {
        CAPTURE(each.out);
        CHECK(nlohmann::json::parse(each.out, nullptr, false).is_object());
    }
    for (const auto& each : printed(false)) {
        CAPTURE(each.out);
        CHECK_FALSE(each.out.empty());
        CHECK_FALSE(nlohmann::json::parse(each.out, nullptr, false).is_structured());
    }
}

TEST_CASE("What is not there is not found, whichever command is asked, and nothing is made") {
    const temp_directory dir;
    for (const auto& line : commands_on(dir / "none.db", dir.path(), "1")) {
        if (line[1] == "add" || line[1] == "up") continue; // these make what is not there
        CAPTURE(line);
        const auto asked = waybill_tool(line);
        CHECK(asked.code == 3);
        CHECK(asked.out.empty());
        CHECK_FALSE(asked.err.empty());
        CHECK(std::filesystem::is_empty(dir.path()));
    }
}
