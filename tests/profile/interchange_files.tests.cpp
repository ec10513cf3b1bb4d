// How the profiles' interchange form comes onto the disk: files of bounded size out of one snapshot, whole or
// not at all.
#include <catch2/catch.hpp>

#include <cstdlib>
#include <regex>

#include "compression/decompressor.hpp"
#include "support/killed.hpp"
#include "support/written_form.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

std::string many_records(int count, const std::string& prefix = "") {
    std::string text;
    for (int i = 0; i < count; ++i)
        text += R"({"crm":")" + prefix + std::to_string(i) + R"(","about":"some text"})" + "\n";
    return text;
}

std::string event(const std::string& id) {
    return R"({"_id":")" + id + R"(","timestamp":"2024-01-01T00:00:00Z","crm":"1"})";
}

/// What stands at a place, and that it was put there by somebody else.
struct guarded_file {
    std::filesystem::path path;
    explicit guarded_file(std::filesystem::path where) : path(std::move(where)) {
        write_whole(path, "theirs");
    }
    bool untouched() const { return bytes_of(path) == "theirs"; }
};

} // namespace

TEST_CASE("A file that is full is followed by the next, and no line is divided") {
    temp_profiles store;
    store.profiles(many_records(100));
    store.events(event("1"));
    const written_form whole(store.file());
    CHECK(names_in(whole.place() / "fragments") == std::vector<std::string>{"fragments-00000.ndjson"});
    interchange_options how;
    how.file_bytes = 1'000;
    const written_form parts(store.file(), how);
    const auto names = names_in(parts.place() / "fragments");
    REQUIRE(names.size() > 5);
    CHECK(names.front() == "fragments-00000.ndjson");
    CHECK(names.at(5) == "fragments-00005.ndjson");
    const auto line = whole.fragments().back().size() + 1;
    std::string together;
    for (const auto& name : names) {
        const auto text = parts.text("fragments/" + name);
        CHECK(text.size() < 1'000 + line);
        CHECK((name == names.back() || text.size() >= 1'000));
        CHECK(text.back() == '\n');
        together += text;
    }
    CHECK(together == whole.text("fragments/fragments-00000.ndjson"));
    CHECK(parts.written.files == static_cast<std::int64_t>(names.size()) + 1);
    CHECK(parts.written.bytes ==
          static_cast<std::int64_t>(together.size() + whole.text("events/events-00000.ndjson").size()));
}

TEST_CASE("Records that are larger than a file, or than what is written at once, stand in it whole") {
    temp_profiles store;
    for (const auto* id : {"1", "2", "3"})
        store.profiles(std::string(R"({"crm":")") + id + R"(","big":")" + std::string(3'000'000, *id) +
                       "\"}");
    interchange_options how;
    how.file_bytes = 4'000'000;
    const written_form form(store.file(), how);
    CHECK(names_in(form.place() / "fragments").size() == 2);
    REQUIRE(form.fragments().size() == 3);
    CHECK(form.fragments().back().find(std::string(3'000'000, '3')) != std::string::npos);
}

TEST_CASE("Compressed files hold the same lines, of as many bytes before they are compressed") {
    temp_profiles store;
    store.profiles(many_records(200));
    store.events(event("1"));
    interchange_options how;
    how.file_bytes = 5'000;
    const written_form plain(store.file(), how);
    how.compression = dataset_compression::gzip;
    const written_form packed(store.file(), how);
    std::int64_t bytes = 0;
    for (const auto* kind : {"fragments", "events"}) {
        const auto names = names_in(plain.place() / kind);
        REQUIRE(names_in(packed.place() / kind).size() == names.size());
        for (const auto& name : names) {
            const auto file = std::string(kind) + "/" + name;
            std::string text;
            compression::decompressor unpack(dataset_compression::gzip);
            const auto stored = packed.text(file + ".gz");
            unpack.add(stored, [&](std::string_view piece) { text += piece; });
            CHECK(unpack.complete());
            CHECK(text == plain.text(file));
            bytes += static_cast<std::int64_t>(stored.size());
        }
    }
    CHECK(packed.written.bytes == bytes);
    CHECK(packed.text("policies.json") == "[]\n");
    how.compression = dataset_compression::zstd;
    const temp_directory elsewhere;
    CHECK(write_interchange(store.file(), elsewhere / "form", how).error().code == errc::invalid);
}

TEST_CASE("A store without anything has a form, too: a file without lines of each kind, and no policies") {
    temp_profiles store;
    store.profiles("");
    for (const auto compression : {dataset_compression::none, dataset_compression::gzip}) {
        interchange_options how;
        how.compression = compression;
        const written_form form(store.file(), how);
        const std::string ending = compression == dataset_compression::gzip ? ".ndjson.gz" : ".ndjson";
        CHECK(names_in(form.place()) == std::vector<std::string>{"events", "fragments", "policies.json"});
        CHECK(names_in(form.place() / "events") == std::vector<std::string>{"events-00000" + ending});
        CHECK(names_in(form.place() / "fragments") == std::vector<std::string>{"fragments-00000" + ending});
        CHECK(form.written.files == 2);
        CHECK(form.text("policies.json") == "[]\n");
    }
}

TEST_CASE("Fragments, events and policies are of one moment, while imports go on") {
    temp_profiles store;
    store.profiles(many_records(1'500));
    store.events(event("before"));
    int told = 0;
    interchange_options how;
    how.on_progress = [&](const interchange_counts& at) {
        ++told;
        CHECK(at.fragments == 1'000);
        CHECK(at.events == 0);
        store.profiles(many_records(1, "later"));
        store.profiles(R"({"crm":"1400","about":"another text"})");
        store.events(event("after"));
        auto open = profile_store::open(store.file());
        merge_policy policy{"later", 0, identity_graph::pdg, attribute_merge::timestamp_ordered, {}};
        REQUIRE(open->declare_policy(acme, policy));
    };
    const written_form form(store.file(), how);
    CHECK(told == 1);
    const auto records = form.members(form.fragments(), "record");
    REQUIRE(records.size() == 1'500);
    CHECK(records.at(1'400) == R"({"crm":"1400","about":"some text"})");
    CHECK(form.events().size() == 1);
    CHECK(form.text("policies.json") == "[]\n");
    CHECK(written_form(store.file()).written.fragments == 1'501);
}

TEST_CASE("The form takes the place of an empty directory, also behind a link, and of nothing else") {
    temp_profiles store;
    store.profiles(many_records(1'000));
    const temp_directory dir;
    const auto write = [&](const std::filesystem::path& to) { return write_interchange(store.file(), to); };

    std::filesystem::create_directory(dir / "empty");
    std::filesystem::create_directory_symlink(dir / "empty", dir / "link");
    REQUIRE(write(dir / "link/"));
    CHECK(std::filesystem::is_symlink(dir / "link"));
    CHECK(std::filesystem::exists(dir / "empty" / "policies.json"));
    interchange_options how;
    how.on_progress = [](const interchange_counts&) { FAIL("what cannot end well was begun"); };
    CHECK(write_interchange(store.file(), dir / "empty", how).error().code == errc::conflict);

    const guarded_file file(dir / "file");
    CHECK(write(dir / "file").error().code == errc::conflict);
    CHECK(file.untouched());
    std::filesystem::create_symlink(dir / "nowhere", dir / "dangling");
    CHECK(write(dir / "dangling").error().code == errc::conflict);
    CHECK(write(dir / "none" / "form").error().code == errc::not_found);
    CHECK(write_interchange(dir / "none.db", dir / "form").error().code == errc::not_found);
    interchange_options of_nobody;
    of_nobody.owner = tenant{"acme", "no such sandbox"};
    CHECK(write_interchange(store.file(), dir / "form", of_nobody).error().code == errc::not_found);
    CHECK(names_in(dir.path()) == std::vector<std::string>{"dangling", "empty", "file", "link"});
}

TEST_CASE("A place that is taken meanwhile is left as it is, and so is what another export has begun") {
    temp_profiles store;
    store.profiles(many_records(1'000));
    for (const bool directory : {true, false}) {
        const temp_directory dir;
        interchange_options how;
        std::optional<guarded_file> theirs;
        how.on_progress = [&](const interchange_counts&) {
            if (directory) std::filesystem::create_directory(dir / "form");
            theirs.emplace(directory ? dir / "form/theirs" : dir / "form");
        };
        CHECK(write_interchange(store.file(), dir / "form", how).error().code == errc::conflict);
        CHECK(theirs->untouched());
        CHECK(names_in(dir.path()) == std::vector<std::string>{"form"});
    }
    const temp_directory dir;
    const auto partial = dir / ("form.partial-" + std::to_string(::getpid()));
    std::filesystem::create_directory(partial);
    const guarded_file theirs(partial / "theirs");
    const auto refused = write_interchange(store.file(), dir / "form");
    REQUIRE(!refused);
    CHECK(refused.error().code == errc::conflict);
    CHECK(refused.error().message.find(partial) != std::string::npos);
    CHECK(theirs.untouched());
    CHECK(!std::filesystem::exists(dir / "form"));
}

TEST_CASE("An export that fails leaves nothing behind") {
    temp_profiles store;
    store.profiles(many_records(1'000));
    const temp_directory dir;
    interchange_options how;
    how.on_progress = [&](const interchange_counts&) {
        CHECK(names_in(dir.path()).size() == 1);
        throw std::runtime_error("enough");
    };
    CHECK_THROWS_WITH(write_interchange(store.file(), dir / "form", how), "enough");
    CHECK(std::filesystem::is_empty(dir.path()));

    sql::connection(store.file(), sql::access::write)
        .execute("update fragments set identity_map = '{' where id = 900");
    CHECK_THROWS_WITH(write_interchange(store.file(), dir / "form"),
                      "a record of the profile store is not readable");
    CHECK(std::filesystem::is_empty(dir.path()));
}

TEST_CASE("Of an export that is killed nothing stands where the form would") {
    temp_profiles store;
    store.profiles(many_records(3'000));
    const temp_directory dir;
    for (int moment = 1; moment <= 3; ++moment) {
        REQUIRE(killed_at(moment, [&](const kill_point& here) {
            interchange_options how;
            how.on_progress = [&](const interchange_counts&) { here(); };
            if (!write_interchange(store.file(), dir / "form", how)) std::abort();
        }));
        CHECK(!std::filesystem::exists(dir / "form"));
    }
    const std::regex partial(R"(form\.partial-\d+)");
    for (const auto& name : names_in(dir.path()))
        CHECK(std::regex_match(name, partial));
    CHECK(names_in(dir.path()).size() == 3);
    CHECK(write_interchange(store.file(), dir / "form"));
}
