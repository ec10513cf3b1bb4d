#include <catch2/catch.hpp>

#include <functional>

#include <waybill/error_codes.hpp>

#include "dataset/staged_check.hpp"
#include "support/staged_job.hpp"
#include "support/temp_directory.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

struct damage {
    const char* sentence;
    std::function<void(const std::filesystem::path& batch)> make;
    const char* found; ///< what the error tells
};

void edit(const std::filesystem::path& file, const std::string& from, const std::string& to) {
    overwrite(file, replaced(contents(file), from, to));
}

const std::vector<damage> damages{
    {"another byte", [](const auto& b) { edit(b / "part-00000.ndjson", "0", "9"); }, "another checksum"},
    {"a byte too many", [](const auto& b) { edit(b / "part-00000.ndjson", "0", "00"); },
     "31 bytes instead of 30"},
    {"a part gone", [](const auto& b) { std::filesystem::remove(b / "part-00000.ndjson"); }, "is not there"},
    {"no _SUCCESS", [](const auto& b) { std::filesystem::remove(b / "_SUCCESS"); }, "has no _SUCCESS"},
    {"no manifest", [](const auto& b) { std::filesystem::remove(b / "manifest.json"); }, "is not there"},
    {"a torn manifest", [](const auto& b) { overwrite(b / "manifest.json", "{\"schemaVersion\":1,"); },
     "no JSON"},
    {"an empty manifest", [](const auto& b) { overwrite(b / "manifest.json", ""); }, "no JSON"},
    {"another job", [](const auto& b) { edit(b / "manifest.json", "\"jobId\":7", "\"jobId\":8"); }, "8.1.3"},
    {"another attempt", [](const auto& b) { edit(b / "manifest.json", "\"attempt\":1", "\"attempt\":2"); },
     "7.2.3"},
    {"another epoch", [](const auto& b) { edit(b / "manifest.json", "\"epoch\":3", "\"epoch\":4"); },
     "7.1.4"},
    {"another batch", [](const auto& b) { edit(b / "manifest.json", "00007b", "00008b"); },
     "names the batch"},
    {"other totals", [](const auto& b) { edit(b / "manifest.json", "{\"rows\":3", "{\"rows\":4"); },
     "totals"},
    {"no files", [](const auto& b) { edit(b / "manifest.json", "\"files\":[", "\"parts\":["); },
     "names no files"},
    {"a file elsewhere", [](const auto& b) { edit(b / "manifest.json", "part-00000", "../part-00000"); },
     "malformed entry"},
    {"a newer manifest", [](const auto& b) { edit(b / "manifest.json", "Version\":1", "Version\":2"); },
     "schemaVersion"},
    {"the batch gone", [](const auto& b) { std::filesystem::remove_all(b); }, "is not there"},
};

} // namespace

TEST_CASE("a check tells rows and bytes of every staged batch and changes nothing") {
    temp_directory root;
    const auto what = a_publication(7, 0, 3);
    stage(root.path(), what);
    const auto before = tree(root.path());
    const auto report = dataset::check_staged(root.path(), what);
    CHECK(report.state == publication_state::checked);
    CHECK(report.errors.empty());
    REQUIRE(report.batches.size() == 3);
    for (std::size_t i = 0; i < 3; ++i) {
        CHECK(report.batches[i].batch_id == batch_id_of(7, i));
        CHECK(report.batches[i].rows == 3);
        CHECK(report.batches[i].bytes == 30);
    }
    CHECK(tree(root.path()) == before);
}

TEST_CASE(
    "a check finds whatever is not as the manifest says, in any batch, and another attempt may do better") {
    for (const auto& each : damages) {
        for (std::size_t spoilt : {std::size_t{0}, std::size_t{1}}) {
            INFO(each.sentence << " in batch " << spoilt);
            temp_directory root;
            const auto what = a_publication(7, 0, 2);
            stage(root.path(), what);
            each.make(staging_of(root.path(), what) / dataset::batch_name(batch_id_of(7, spoilt)));
            const auto report = dataset::check_staged(root.path(), what);
            CHECK(report.state == publication_state::failed);
            CHECK(report.transient);
            REQUIRE(report.errors.size() == 1);
            CHECK(report.errors[0].code == errors::bad_staged_batch.code);
            CHECK(report.errors[0].msg.find(batch_id_of(7, spoilt)) != std::string::npos);
            CHECK_THAT(report.errors[0].call_stack, Catch::Contains(each.found));
        }
    }
}
