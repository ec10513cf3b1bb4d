#include <catch2/catch.hpp>

#include <functional>

#include <waybill/dataset_contents.hpp>

#include "dataset/placement.hpp"
#include "dataset/pruning.hpp"
#include "dataset/row_counter.hpp"
#include "digest/sha256.hpp"
#include "support/staged_job.hpp"
#include "support/temp_directory.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

using sentences = std::vector<std::string>;

/// A root with one dataset of two parts and more, published by job 7.
struct published_dataset {
    publication what = a_publication(7, 1);
    temp_directory root;

    explicit published_dataset(const dataset_output& output = {}) {
        what.job.request.fields = "row";
        what.job.output = output;
        publish(what);
    }
    void publish(const publication& which) const {
        stage_batch(root.path(), which, 0, 20'000, 1);
        dataset::placement(root.path(), which).run();
    }
    std::filesystem::path batch() const {
        return dataset_of(root.path(), what) / dataset::batch_name(what.job.batches.at(0).batch_id);
    }
    dataset_verification verify(const std::optional<std::string>& which = std::nullopt) const {
        return verify_datasets(root.path(), acme, which).value();
    }
    /// What is found, below the batch's path.
    sentences findings() const {
        sentences all;
        for (auto finding : verify().findings) {
            if (const auto at = finding.find(batch().string()); at != std::string::npos)
                finding.erase(at, batch().string().size());
            all.push_back(finding);
        }
        return all;
    }
};

void alter(const std::filesystem::path& file, const std::function<void(std::string&)>& change) {
    auto text = contents(file);
    change(text);
    overwrite(file, text);
}

void exchange_text(std::string& text, const std::string& from, const std::string& to) {
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    text.replace(at, from.size(), to);
}

/// Makes file and manifest agree on the checksum, and manifest and `current.json`.
void sum_again(const published_dataset& d, const std::string& before, const std::string& name) {
    alter(d.batch() / "manifest.json", [&](auto& text) {
        exchange_text(text, digest::sha256_hex(before), digest::sha256_hex(contents(d.batch() / name)));
    });
}

} // namespace

TEST_CASE("a dataset is listed with what is visible of it, and looked at with its batches") {
    const published_dataset d({dataset_format::csv, dataset_compression::zstd});
    auto later = a_publication(8, 2, 2);
    stage(d.root.path(), later);
    dataset::placement(d.root.path(), later).run();
    std::filesystem::create_directories(dataset_of(d.root.path(), d.what).parent_path() / "never");

    const auto all = list_datasets(d.root.path(), acme).value();
    REQUIRE(all.size() == 2);
    CHECK(all[0].dataset_id == "never");
    CHECK(all[0].job == 0);
    CHECK(all[1].dataset_id == "people");
    CHECK(all[1].job == 8);
    CHECK(all[1].visible == 2);
    CHECK(all[1].rows == 6);
    CHECK(all[1].superseded == 1);
    CHECK(all[1].batches.empty());
    CHECK(list_datasets(d.root.path(), globex).value().empty());

    const auto one = look_at_dataset(d.root.path(), acme, "people").value();
    REQUIRE(one.batches.size() == 3);
    CHECK(one.batches[0].segment_id == "segment0");
    CHECK(one.batches[0].there);
    CHECK(one.batches[0].rows == 3);
    CHECK(one.batches[0].output == dataset_output{});
    CHECK_FALSE(one.batches[1].superseded);
    CHECK(one.batches[2].superseded);
    CHECK(one.batches[2].rows == 20'000);
    CHECK(one.batches[2].output == d.what.job.output);
    std::filesystem::remove_all(d.batch());
    CHECK_FALSE(look_at_dataset(d.root.path(), acme, "people").value().batches[2].there);
}

TEST_CASE("datasets and roots that are not there are not found") {
    const published_dataset d;
    CHECK(list_datasets(d.root / "none", acme).error().code == errc::not_found);
    CHECK(look_at_dataset(d.root / "none", acme, "people").error().code == errc::not_found);
    CHECK(verify_datasets(d.root / "none", acme, std::nullopt).error().code == errc::not_found);
    for (const auto* const name : {"other", "..", "", "a/b"}) {
        CHECK(look_at_dataset(d.root.path(), acme, name).error().code == errc::not_found);
        CHECK(verify_datasets(d.root.path(), acme, name).error().code == errc::not_found);
    }
    CHECK(look_at_dataset(d.root.path(), globex, "people").error().code == errc::not_found);
}

TEST_CASE("nothing is found in datasets that are as they should be, in every format, and all is counted") {
    const published_dataset d(
        {GENERATE(dataset_format::ndjson, dataset_format::csv),
         GENERATE(dataset_compression::none, dataset_compression::gzip, dataset_compression::zstd)});
    auto later = d.what;
    later.key.job = later.job.id = 8;
    later.commit_sequence = 2;
    later.job.batches[0].batch_id = batch_id_of(8, 0);
    d.publish(later);
    std::int64_t told = 0;
    const auto seen = verify_datasets(d.root.path(), acme, "people", [&](const auto& so_far) {
                          told = so_far.bytes;
                      }).value();
    CHECK(seen.findings == sentences{});
    CHECK(seen.datasets == 1);
    CHECK(seen.batches == 2);
    CHECK(seen.rows == 40'000);
    CHECK(told == seen.bytes);
    const auto held = look_at_dataset(d.root.path(), acme, "people").value();
    CHECK(seen.bytes == held.batches[0].bytes + held.batches[1].bytes);
    CHECK(seen.files == held.batches[0].files + held.batches[1].files);
    std::filesystem::remove_all(d.batch()); // superseded, and pruned
    CHECK(d.verify().findings == sentences{});
    CHECK(d.verify().batches == 1);
}

TEST_CASE("a superseded batch that is pruned while it is verified is no finding") {
    const published_dataset d;
    auto later = d.what;
    later.key = {8, 1, 3};
    later.commit_sequence = 2;
    later.job.id = 8;
    later.job.batches[0].batch_id = batch_id_of(8, 0);
    d.publish(later);
    const auto visible = look_at_dataset(d.root.path(), acme, "people")->batches[0].bytes;
    dataset::pruning pruner(d.root.path(), std::chrono::milliseconds{0});
    const auto seen = verify_datasets(d.root.path(), acme, "people", [&](const auto& so_far) {
                          if (so_far.bytes <= visible || !std::filesystem::exists(d.batch())) return;
                          pruner.begin({});
                          while (pruner.step()) {
                          }
                      }).value();
    CHECK_FALSE(std::filesystem::exists(d.batch()));
    CHECK(seen.findings == sentences{});
    CHECK(seen.files > 1);
}

TEST_CASE("what is damaged is found, each thing by itself, and the rest is looked at all the same") {
    const published_dataset d;
    const auto second = d.batch() / "part-00001.ndjson";
    REQUIRE(std::filesystem::exists(second));
    SECTION("another byte") {
        alter(second, [](auto& text) { exchange_text(text, "row", "ROW"); });
        CHECK(d.findings() == sentences{"/part-00001.ndjson has another checksum"});
    }
    SECTION("a part gone, and the last line of another") {
        const auto size = std::filesystem::file_size(second);
        std::filesystem::remove(d.batch() / "part-00000.ndjson");
        alter(second, [](auto& text) { text.pop_back(); });
        CHECK(d.findings() == sentences{"/part-00000.ndjson is not there as a file",
                                        "/part-00001.ndjson has " + std::to_string(size - 1) +
                                            " bytes instead of " + std::to_string(size),
                                        "/part-00001.ndjson has another checksum",
                                        "/part-00001.ndjson is cut off"});
    }
    SECTION("no _SUCCESS") {
        std::filesystem::remove(d.batch() / "_SUCCESS");
        CHECK(d.findings() == sentences{" has no _SUCCESS"});
    }
    SECTION("no manifest") {
        std::filesystem::remove(d.batch() / "manifest.json");
        CHECK(d.findings() == sentences{"/manifest.json is not there"});
    }
    SECTION("another manifest") {
        alter(d.batch() / "manifest.json",
              [](auto& text) { exchange_text(text, "\"format\"", " \"format\""); });
        CHECK(d.findings() == sentences{"/manifest.json is not the one that was published"});
    }
    SECTION("a batch gone") {
        std::filesystem::remove_all(d.batch());
        CHECK(d.findings() == sentences{"/manifest.json is not there"});
    }
    SECTION("a damaged current.json") {
        overwrite(dataset_of(d.root.path(), d.what) / "current.json", "{}");
        REQUIRE(d.findings().size() == 1);
        CHECK_THAT(d.findings()[0], Catch::Contains("current.json is damaged"));
    }
}

TEST_CASE("rows are counted in the file itself, though everything said of it agrees") {
    const dataset_output output{
        GENERATE(dataset_format::ndjson, dataset_format::csv),
        GENERATE(dataset_compression::none, dataset_compression::gzip, dataset_compression::zstd)};
    const published_dataset d(output);
    const auto name = dataset::part_name(output, 0);
    const auto before = contents(d.batch() / name);
    dataset::block_encoder encoder(d.what.job);
    std::string row;
    encoder.append_line(row, R"({"row":"one more"})");
    overwrite(d.batch() / name, before + encoder.encode(row));
    sum_again(d, before, name);
    bool counted = false;
    for (const auto& finding : d.findings())
        counted = counted || (finding.starts_with("/" + name + " has ") &&
                              finding.find(" rows instead of ") != std::string::npos);
    CHECK(counted);
}

TEST_CASE("a file that cannot be decompressed is found") {
    const published_dataset d({dataset_format::ndjson, dataset_compression::zstd});
    const auto name = dataset::part_name(d.what.job.output, 0);
    const auto before = contents(d.batch() / name);
    overwrite(d.batch() / name, std::string(before.size(), 'x'));
    sum_again(d, before, name);
    const auto found = d.findings();
    REQUIRE(found.size() == 2); // the manifest is another one, too
    CHECK_THAT(found[1], Catch::StartsWith("/" + name + " is not zstd"));
}

TEST_CASE("rows of CSV are counted as records, whatever stands in their cells") {
    const auto& [text, rows, complete] = GENERATE(table<std::string, int, bool>({
        {"", 0, false},
        {"h\r\n", 0, true},
        {"h\r\n1\r\n2\r\n", 2, true},
        {"h\r\n\"a\r\nb\"\r\n", 1, true},
        {"\"h\n\"\r\n\"\"\"\n\"\"\"\r\n\"\"\r\n", 2, true},
        {"h\r\n\"open\r\n", 0, false},
        {"h\r\n1", 0, false},
    }));
    CAPTURE(text);
    dataset::row_counter counter(dataset_format::csv);
    for (const char c : text)
        counter.add({&c, 1});
    CHECK(counter.rows() == rows);
    CHECK(counter.complete() == complete);
}
