#include <map>

#include <catch2/catch.hpp>

#include "house/source_tree.hpp"

using namespace waybill::test;

namespace {

/// Which folder of lib/src may include which others, and which libraries; ARCHITECTURE.md draws the same
/// arrows.
const std::map<std::string, std::set<std::string>> allowed{
    {"model", {"model"}},
    {"digest", {"digest", "openssl"}},
    {"compression", {"compression", "zlib.h", "zstd.h"}},
    {"disk", {"disk"}},
    {"sql", {"sql", "sqlite3.h", "SQLiteCpp"}},
    {"store", {"store", "digest", "disk", "model", "sql"}},
    {"lifecycle", {"lifecycle"}},
    {"json", {"json", "model"}},
    {"pql", {"pql", "json", "model"}},
    {"asio", {"boost"}},
    {"profile", {"profile", "compression", "digest", "disk", "json", "model", "pql", "segments", "sql"}},
    {"dataset", {"dataset", "compression", "digest", "disk", "json", "model", "sql"}},
    {"segments", {"segments", "json", "model", "pql", "sql"}},
    {"spark", {"spark", "boost", "dataset", "disk", "json"}},
    {"local", {"local", "dataset", "disk", "profile"}},
};

/// The folder or library that an include is from; nothing for std, the system and the public headers.
std::string origin_of(const std::string& include) {
    const auto slash = include.find('/');
    const auto first = include.substr(0, slash);
    if (first == "sqlite3.h" || first == "zlib.h" || first == "zstd.h") return first;
    if (slash == std::string::npos || first == "sys" || first == "waybill") return {};
    return first;
}

std::size_t lines_in(const fs::path& file) {
    const auto text = text_of(file);
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

} // namespace

TEST_CASE("every folder of the library includes only what it may know") {
    for (const auto& file : files_below("lib/src")) {
        if (!is_source(file)) continue;
        const auto folder = fs::relative(file, source_root / "lib/src").begin()->string();
        REQUIRE(allowed.contains(folder));
        for (const auto& include : includes_of(file)) {
            const auto origin = origin_of(include);
            INFO(name_of(file) << " includes " << include);
            CHECK((origin.empty() || allowed.at(folder).contains(origin)));
        }
    }
}

TEST_CASE("public headers need std and each other only, but for those of waybill::asio") {
    const std::set<std::string> with_boost{
        "async_job_owner.hpp", "async_job_reader.hpp", "async_job_store.hpp", "job_changes.hpp",
        "lifecycle_timer.hpp", "transition_feed.hpp",  "queued_verb.hpp",     "write_queue.hpp"};
    for (const auto& file : files_below("lib/include")) {
        for (const auto& include : includes_of(file)) {
            INFO(name_of(file) << " includes " << include);
            const auto origin = origin_of(include);
            CHECK((origin.empty() || (origin == "boost" && with_boost.contains(file.filename().string()))));
        }
    }
}

TEST_CASE("files stay short") {
    for (const auto* folder : {"lib", "tools", "tests"}) {
        for (const auto& file : files_below(folder)) {
            if (!is_source(file)) continue;
            INFO(name_of(file));
            CHECK(lines_in(file) <= 300);
            if (file.extension() == ".hpp" && std::string_view(folder) == "lib") CHECK(lines_in(file) <= 150);
        }
    }
}

TEST_CASE("no file is named after nothing in particular") {
    const std::regex vague("(^|_)(common|utils?|types|manager|helpers?|misc)(_|$)");
    for (const auto* folder : {"lib", "tools", "tests"})
        for (const auto& file : files_below(folder)) {
            INFO(name_of(file));
            CHECK_FALSE(std::regex_search(file.stem().stem().string(), vague));
        }
}

TEST_CASE("a header begins by saying what it is for") {
    for (const auto& file : files_below("lib")) {
        if (file.extension() != ".hpp") continue;
        INFO(name_of(file));
        const auto text = text_of(file);
        CHECK(text.starts_with("// "));
        CHECK(text.find("#pragma once") != std::string::npos);
    }
}

TEST_CASE("digests of secrets are compared in constant time, and only so") {
    const std::regex elsewise(R"(_sha256\)?\s*[!=]=|[!=]=\s*[\w.>-]*_sha256|\.compare\([^;]*_sha256)");
    for (const auto& file : files_below("tools/waybilld")) {
        if (!is_source(file)) continue;
        INFO(name_of(file));
        CHECK_FALSE(std::regex_search(text_of(file), elsewise));
    }
    CHECK(text_of(source_root / "tools/waybilld/digest.cpp").find("CRYPTO_memcmp") != std::string::npos);
}

TEST_CASE("no test sleeps") {
    const std::regex sleeps("(sleep_for|sleep_until|\\busleep|\\bnanosleep|\\bsleep) *\\(");
    for (const auto& file : files_below("tests")) {
        if (!is_source(file)) continue;
        INFO(name_of(file));
        CHECK_FALSE(std::regex_search(text_of(file), sleeps));
    }
}

TEST_CASE("no test's name has what a list of tests would split it at") {
    for (const auto& file : files_below("tests")) {
        if (!is_source(file)) continue;
        for (const auto& name : tests_in(file)) {
            INFO(name_of(file) << ": " << name);
            CHECK(name.find(';') == std::string::npos);
        }
    }
}

TEST_CASE("no test's name has a colon where Catch2 would print its failure without end") {
    // It indents the lines after the first up to behind the colon, also by more than a line has.
    constexpr std::size_t far = 60;
    for (const auto& file : files_below("tests")) {
        if (!is_source(file)) continue;
        for (const auto& name : tests_in(file)) {
            INFO(name_of(file) << ": " << name.substr(0, far));
            const auto colon = name.find(": ");
            CHECK((colon == std::string::npos || colon < far));
        }
    }
}

TEST_CASE("every migration has both directions and versions without a gap") {
    for (const auto* store : {"jobs", "profiles", "segments"}) {
        std::set<std::string> names;
        for (const auto& file : files_below(std::string("migrations/") + store))
            names.insert(file.filename().string());
        int version = 0;
        for (const auto& name : names) {
            INFO(store << ": " << name);
            if (name.ends_with(".down.sql")) {
                CHECK(names.contains(name.substr(0, name.size() - 9) + ".up.sql"));
            } else {
                REQUIRE(name.ends_with(".up.sql"));
                CHECK(std::stoi(name.substr(0, 4)) == ++version);
                CHECK(names.contains(name.substr(0, name.size() - 7) + ".down.sql"));
            }
        }
    }
}
