#include <catch2/catch.hpp>

#include <algorithm>

#include <waybill/dataset_files.hpp>

#include <sys/stat.h>

#include "dataset/placement.hpp"
#include "dataset/pruning.hpp"
#include "digest/sha256.hpp"
#include "support/staged_job.hpp"
#include "support/temp_directory.hpp"

using namespace waybill;
using namespace waybill::test;
using reach = published_files::reach;
using dataset::placement;

namespace {

const std::string part = "part-00000.ndjson";

/// A root with one published batch.
struct published {
    publication what = a_publication(7, 1);
    temp_directory root;

    explicit published(int rows = 3) {
        stage_batch(root.path(), what, 0, rows);
        placement(root.path(), what).run();
    }
    std::string id() const { return what.job.batches.at(0).batch_id; }
    std::filesystem::path dataset() const { return dataset_of(root.path(), what); }
    std::filesystem::path batch() const { return dataset() / dataset::batch_name(id()); }
    result<published_files> open(reach far = reach::visible) const {
        return published_files::open(root.path(), acme, "people", id(), far);
    }
    result<published_files> find(const tenant& owner = acme) const {
        return published_files::find(root.path(), owner, id(), reach::visible);
    }
};

/// Puts a link in the place of what is there, to just that.
void replace_by_link(const std::filesystem::path& at, const std::filesystem::path& elsewhere) {
    std::filesystem::rename(at, elsewhere);
    std::filesystem::create_symlink(elsewhere, at);
}

void publish_another(const published& over) {
    const auto later = a_publication(8, 2);
    stage(over.root.path(), later);
    placement(over.root.path(), later).run();
}

} // namespace

TEST_CASE("the files of a published batch are those of its manifest, and can be read in pieces") {
    const published one;
    const auto files = one.open();
    REQUIRE(files);
    REQUIRE(files->list().size() == 1);
    const auto bytes = contents(one.batch() / part);
    CHECK(files->list()[0].name == part);
    CHECK(files->list()[0].length == static_cast<std::int64_t>(bytes.size()));
    CHECK(files->list()[0].sha256 == digest::sha256_hex(bytes));
    const auto file = files->open_file(0);
    REQUIRE(file);
    CHECK(file->about().name == part);
    CHECK(file->read(0, 1'000) == bytes);
    CHECK(file->read(3, 4) == bytes.substr(3, 4));
    CHECK(file->read(file->about().length, 4).empty());
    CHECK(files->open_file(1).error().code == errc::not_found);
}

TEST_CASE("a batch of several parts has them all, in their order") {
    const publication what = a_publication(7, 1);
    const temp_directory root;
    stage_batch(root.path(), what, 0, 20'000, 1);
    placement(root.path(), what).run();
    const auto files =
        published_files::open(root.path(), acme, "people", what.job.batches.at(0).batch_id, reach::visible);
    REQUIRE(files);
    REQUIRE(files->list().size() > 2);
    std::string rows;
    for (std::size_t i = 0; i < files->list().size(); ++i) {
        const auto file = files->open_file(i).value();
        CHECK(file.about().name == "part-0000" + std::to_string(i) + ".ndjson");
        rows += file.read(0, 1'000'000);
    }
    CHECK(rows.starts_with("{\"row\":0}\n{\"row\":1}\n"));
    CHECK(rows.ends_with("{\"row\":19999}\n"));
    CHECK(std::count(rows.begin(), rows.end(), '\n') == 20'000);
}

TEST_CASE("the files of a batch are there exactly while current.json names it") {
    const publication what = a_publication(7, 1);
    const temp_directory root;
    const auto open = [&] {
        return published_files::open(root.path(), acme, "people", what.job.batches.at(0).batch_id,
                                     reach::superseded_too);
    };
    CHECK_FALSE(open());
    stage(root.path(), what);
    CHECK_FALSE(open());
    placement(root.path(), what).run(placement::step::sync);
    CHECK_FALSE(open()); // in place, but nobody has said so
    placement(root.path(), what).run();
    CHECK(open());
}

TEST_CASE("a superseded batch is no more visible, but who knows it has its files until it is pruned") {
    const published one;
    publish_another(one);
    CHECK_FALSE(one.open());
    const auto files = one.open(reach::superseded_too);
    REQUIRE(files);
    const auto file = files->open_file(0);
    const auto bytes = contents(one.batch() / part);
    std::filesystem::remove(one.batch() / part);
    CHECK(files->open_file(0).error().code == errc::not_found);
    dataset::pruning pruner(one.root.path(), std::chrono::milliseconds{0});
    pruner.begin({});
    while (pruner.step()) {
    }
    CHECK_FALSE(std::filesystem::exists(one.batch()));
    CHECK_FALSE(one.open(reach::superseded_too));
    CHECK(file->read(0, 1'000) == bytes); // what was begun can end
}

TEST_CASE("a batch is found among the tenant's datasets, and among no other's") {
    const published one;
    REQUIRE(one.find());
    CHECK(one.find()->list().size() == 1);
    CHECK_FALSE(one.find(globex));
    CHECK_FALSE(one.find({acme.org, "dev"}));
    CHECK_FALSE(published_files::find(one.root.path(), acme, batch_id_of(8, 0), reach::visible));
    CHECK_FALSE(published_files::find(one.root / "nowhere", acme, one.id(), reach::visible));
    // Another dataset's damage is none of this batch's.
    std::filesystem::create_directory(one.dataset().parent_path() / "broken");
    overwrite(one.dataset().parent_path() / "broken" / "current.json", "{");
    CHECK(one.find());
}

TEST_CASE("no name of a batch or a dataset leads out of its place") {
    const published one;
    for (const auto* const id : {"..", "", "../people", "0000000000000000000000000000007B0"})
        CHECK_FALSE(published_files::find(one.root.path(), acme, id, reach::visible));
    for (const auto* const name : {"..", ".", "", "people/../people", "people/"})
        CHECK_FALSE(published_files::open(one.root.path(), acme, name, one.id(), reach::visible));
    CHECK_FALSE(published_files::find(one.root.path(), {"", ""}, one.id(), reach::visible));
}

TEST_CASE("a link in the place of a dataset, a batch, a manifest or a file is not followed") {
    const published one;
    const auto elsewhere = one.root / "elsewhere";
    SECTION("a dataset") {
        replace_by_link(one.dataset(), elsewhere);
        CHECK_FALSE(one.open());
        CHECK_FALSE(one.find());
    }
    SECTION("a batch") {
        replace_by_link(one.batch(), elsewhere);
        CHECK_THROWS_AS(one.open(), store_failure);
    }
    SECTION("a manifest") {
        replace_by_link(one.batch() / "manifest.json", elsewhere);
        CHECK_THROWS_AS(one.open(), store_failure);
    }
    SECTION("a file") {
        replace_by_link(one.batch() / part, elsewhere);
        const auto files = one.open();
        CHECK_THROWS_AS(files->open_file(0), store_failure);
    }
}

TEST_CASE("what is no file in a file's place is not waited for, nor taken for an empty one") {
    const published one(0);
    const auto files = one.open();
    std::filesystem::remove(one.batch() / part);
    REQUIRE(::mkfifo((one.batch() / part).c_str(), 0600) == 0);
    CHECK_THROWS_AS(files->open_file(0), store_failure);
}

TEST_CASE("what is not as it was published is damage, and not handed on") {
    const published one;
    SECTION("another length") {
        overwrite(one.batch() / part, "{\"row\":0}\n");
        const auto files = one.open();
        CHECK_THROWS_AS(files->open_file(0), store_failure);
    }
    SECTION("another manifest") {
        overwrite(one.batch() / "manifest.json", contents(one.batch() / "manifest.json") + " ");
        CHECK_THROWS_AS(one.open(), store_failure);
    }
    SECTION("no manifest") {
        std::filesystem::remove(one.batch() / "manifest.json");
        CHECK_THROWS_AS(one.open(), store_failure);
    }
    SECTION("another batch's manifest in a superseded one") {
        publish_another(one);
        const auto other = one.dataset() / dataset::batch_name(batch_id_of(8, 0));
        std::filesystem::copy_file(other / "manifest.json", one.batch() / "manifest.json",
                                   std::filesystem::copy_options::overwrite_existing);
        CHECK_THROWS_AS(one.open(reach::superseded_too), store_failure);
    }
}
