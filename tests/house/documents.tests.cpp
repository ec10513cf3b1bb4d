#include <catch2/catch.hpp>

#include <waybill/error_codes.hpp>
#include <waybill/job_status.hpp>

#include "house/source_tree.hpp"

using namespace waybill;
using namespace waybill::test;

TEST_CASE("docs/errors.md has the table of error codes as the code has it") {
    const auto text = text_of(source_root / "docs/errors.md");
    const std::regex row("\\| `([0-9]{10})` \\| ([^|]+) \\|");
    std::set<std::pair<std::string, std::string>> written;
    for (std::sregex_iterator at(text.begin(), text.end(), row), end; at != end; ++at)
        written.emplace((*at)[1], (*at)[2]);
    std::set<std::pair<std::string, std::string>> coded;
    for (const auto& error : errors::all) {
        auto message = std::string(error.message);
        if (const auto at = message.find("{}"); at != std::string::npos) message.replace(at, 2, "…");
        coded.emplace(error.code, message);
    }
    CHECK(coded.size() == errors::all.size());
    CHECK(written == coded);
}

TEST_CASE("schema/README.md draws every move of the table") {
    const auto text = text_of(source_root / "schema/README.md");
    for (const auto& move : job_status_moves) {
        const auto arrow = std::string(to_text(move.from)) + " --> " + std::string(to_text(move.to));
        INFO(arrow);
        CHECK(text.find(arrow) != std::string::npos);
    }
}

TEST_CASE("the README opens with its two commands, and they can be run") {
    const auto text = text_of(source_root / "README.md");
    for (const auto* command : {"tools/demo", "tools/test", ".ci/run"}) {
        INFO(command);
        const auto permissions = fs::status(source_root / command).permissions();
        CHECK((permissions & fs::perms::owner_exec) != fs::perms::none);
    }
    CHECK(text.find("tools/demo") < text.find("\n## "));
    CHECK(text.find("tools/test") < text.find("\n## "));
}

TEST_CASE("every public header is named in ARCHITECTURE.md or in another public header") {
    auto text = text_of(source_root / "ARCHITECTURE.md");
    for (const auto& file : files_below("lib/include"))
        for (const auto& include : includes_of(file))
            text += include;
    for (const auto& file : files_below("lib/include")) {
        INFO(name_of(file));
        CHECK(text.find(file.filename().string()) != std::string::npos);
    }
}
