// What is written in each format and compression is read back, by decoders of others: zlib and zstd
// themselves, and a reader of CSV that knows nothing of the writer.
#include <catch2/catch.hpp>

#include <zlib.h>
#include <zstd.h>

#include "compression/decompressor.hpp"
#include "dataset/manifest.hpp"
#include "dataset/staged_check.hpp"
#include "support/read_csv.hpp"
#include "support/staged_job.hpp"
#include "support/temp_directory.hpp"
#include "json/document.hpp"

using namespace waybill;
using namespace waybill::test;

namespace {

std::string gunzipped(const std::string& bytes) {
    std::string text;
    std::string piece(1 << 16, '\0');
    z_stream stream{};
    REQUIRE(::inflateInit2(&stream, 15 + 16) == Z_OK);
    stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    int state = Z_OK;
    do {
        if (state == Z_STREAM_END) REQUIRE(::inflateReset(&stream) == Z_OK);
        stream.next_out = reinterpret_cast<Bytef*>(piece.data());
        stream.avail_out = static_cast<uInt>(piece.size());
        state = ::inflate(&stream, Z_NO_FLUSH);
        REQUIRE((state == Z_OK || state == Z_STREAM_END));
        text.append(piece.data(), piece.size() - stream.avail_out);
    } while (stream.avail_in > 0 || state != Z_STREAM_END);
    ::inflateEnd(&stream);
    return text;
}

/// Frame by frame, each at once.
std::string unzstd(std::string_view bytes) {
    std::string text;
    REQUIRE_FALSE(bytes.empty());
    while (!bytes.empty()) {
        const auto length = ::ZSTD_findFrameCompressedSize(bytes.data(), bytes.size());
        REQUIRE(::ZSTD_isError(length) == 0);
        std::string frame(::ZSTD_getFrameContentSize(bytes.data(), bytes.size()), '\0');
        REQUIRE(::ZSTD_decompress(frame.data(), frame.size(), bytes.data(), length) == frame.size());
        text += frame;
        bytes.remove_prefix(length);
    }
    return text;
}

std::string decoded(const std::string& bytes, dataset_compression how) {
    switch (how) {
    case dataset_compression::gzip: return gunzipped(bytes);
    case dataset_compression::zstd: return unzstd(bytes);
    case dataset_compression::none: break;
    }
    return bytes;
}

constexpr std::array outputs{
    dataset_output{dataset_format::ndjson, dataset_compression::none},
    dataset_output{dataset_format::ndjson, dataset_compression::gzip},
    dataset_output{dataset_format::ndjson, dataset_compression::zstd},
    dataset_output{dataset_format::csv, dataset_compression::none},
    dataset_output{dataset_format::csv, dataset_compression::gzip},
    dataset_output{dataset_format::csv, dataset_compression::zstd},
};

constexpr std::array<const char*, outputs.size()> endings{".ndjson", ".ndjson.gz", ".ndjson.zst",
                                                          ".csv",    ".csv.gz",    ".csv.zst"};

publication a_job_with(const dataset_output& output) {
    auto what = a_publication(7, 1);
    what.job.request.fields = "row";
    what.job.output = output;
    return what;
}

std::filesystem::path batch_directory(const temp_directory& root, const publication& what) {
    return staging_of(root.path(), what) / dataset::batch_name(what.job.batches[0].batch_id);
}

dataset::manifest manifest_in(const temp_directory& root, const publication& what) {
    return dataset::manifest_of(batch_directory(root, what), what.key, what.job.batches[0].batch_id)
        .value()
        .content;
}

std::string lines_of_rows(const dataset_output& output, int from, int to) {
    const bool csv = output.format == dataset_format::csv;
    std::string text = csv ? "row\r\n" : "";
    for (int row = from; row < to; ++row)
        text += csv ? std::to_string(row) + "\r\n" : "{\"row\":" + std::to_string(row) + "}\n";
    return text;
}

} // namespace

TEST_CASE("what is written in each format and compression is read back by others' decoders") {
    const auto at = GENERATE(range(std::size_t{0}, outputs.size()));
    const auto& output = outputs.at(at);
    CAPTURE(endings.at(at));
    const int rows = GENERATE(0, 1, 200'000);
    const temp_directory root;
    const auto what = a_job_with(output);
    stage_batch(root.path(), what, 0, rows);
    const auto read = manifest_in(root, what);
    REQUIRE(read.files.size() == 1);
    CHECK(read.files[0].name == std::string("part-00000") + endings.at(at));
    CHECK(read.files[0].rows == rows);
    const auto bytes = contents(batch_directory(root, what) / read.files[0].name);
    CHECK(read.bytes == static_cast<std::int64_t>(bytes.size()));
    CHECK(decoded(bytes, output.compression) == lines_of_rows(output, 0, rows));
    CHECK(dataset::check_staged(root.path(), what).state == publication_state::checked);
    json::document document;
    const auto text = contents(batch_directory(root, what) / "manifest.json");
    REQUIRE_FALSE(document.parse(text));
    CHECK(document.root().member("format").text() == to_text(output.format));
    CHECK(document.root().member("compression").text() == to_text(output.compression));
    CHECK(document.root().member("columns").raw() == R"(["row"])");
}

TEST_CASE("our own reader of compressed files comes to the same, whatever pieces it is given") {
    const auto how =
        GENERATE(dataset_compression::none, dataset_compression::gzip, dataset_compression::zstd);
    const auto piece = GENERATE(std::size_t{1}, std::size_t{7}, std::size_t{1'000'000});
    compression::compressor compressor(how);
    const std::string large(300'000, 'x');
    const auto bytes = compressor.compress("one,") + compressor.compress("") + compressor.compress(large);
    compression::decompressor reader(how);
    CHECK(reader.complete() == (how == dataset_compression::none));
    std::string text;
    for (std::size_t at = 0; at < bytes.size(); at += piece)
        reader.add(std::string_view(bytes).substr(at, piece), [&](std::string_view some) { text += some; });
    CHECK(text == "one," + large);
    CHECK(reader.complete());
}

TEST_CASE("our own reader finds a compressed file that is cut off or damaged") {
    const auto how = GENERATE(dataset_compression::gzip, dataset_compression::zstd);
    auto bytes = compression::compressor(how).compress("some text that is long enough to be cut");
    const auto ignore = [](std::string_view) {};
    compression::decompressor cut(how);
    cut.add(std::string_view(bytes).substr(0, bytes.size() - 1), ignore);
    CHECK_FALSE(cut.complete());
    bytes[0] = 'x';
    compression::decompressor damaged(how);
    CHECK_THROWS_AS(damaged.add(bytes, ignore), store_failure);
}

TEST_CASE("a part takes rows until it has reached its size, and every part stands for itself") {
    const auto at = GENERATE(range(std::size_t{0}, outputs.size()));
    const auto& output = outputs.at(at);
    CAPTURE(endings.at(at));
    const temp_directory root;
    const auto what = a_job_with(output);
    const auto staging = staging_of(root.path(), what);
    disk::make_directories(staging);
    dataset::block_encoder encoder(what.job);
    const auto block = [&](int from, int to) {
        std::string text;
        for (int row = from; row < to; ++row)
            encoder.append_line(text, "{\"row\":" + std::to_string(row) + "}");
        return encoder.encode(text);
    };
    const auto first = block(0, 10);
    const auto bound = static_cast<std::int64_t>(encoder.beginning().size() + first.size());
    // The first block is as long as a part may be, one byte shorter, or longer.
    for (const auto& [part_bytes, parts] : {std::pair{bound, 3}, {bound + 1, 2}, {bound - 1, 3}, {1L, 3}}) {
        std::filesystem::remove_all(staging);
        disk::make_directories(staging);
        dataset::batch_writer writer({staging, what.key, part_bytes}, what.job, what.job.batches[0], encoder);
        for (int row = 0; row < 30; row += 10)
            writer.append_block(block(row, row + 10), {.rows = 10});
        CHECK(writer.rows() == 30);
        writer.finish({}, {});
        const auto read = manifest_in(root, what);
        REQUIRE(static_cast<int>(read.files.size()) == parts);
        int row = 0;
        for (std::size_t i = 0; i < read.files.size(); ++i) {
            const auto& file = read.files[i];
            CHECK(file.name == "part-0000" + std::to_string(i) + endings.at(at));
            const auto bytes = contents(batch_directory(root, what) / file.name);
            CHECK(file.bytes == static_cast<std::int64_t>(bytes.size()));
            const auto next = row + static_cast<int>(file.rows);
            CHECK(decoded(bytes, output.compression) == lines_of_rows(output, row, next));
            row = next;
        }
        CHECK(read.rows == 30);
        CHECK(dataset::check_staged(root.path(), what).state == publication_state::checked);
    }
}

TEST_CASE("a batch has no more parts than it may") {
    const temp_directory root;
    const auto what = a_job_with({});
    const auto staging = staging_of(root.path(), what);
    disk::make_directories(staging);
    dataset::block_encoder encoder(what.job);
    dataset::batch_writer writer({staging, what.key, 1, 2}, what.job, what.job.batches[0], encoder);
    writer.append_block("{}\n", {.rows = 1});
    writer.append_block("{}\n", {.rows = 1});
    CHECK_THROWS_WITH(writer.append_block("{}\n", {.rows = 1}), Catch::Contains("2 parts"));
}

TEST_CASE("blocks that somebody else encoded count as rows do, and come before the rows that follow") {
    const temp_directory root;
    const auto what = a_job_with({});
    const auto staging = staging_of(root.path(), what);
    disk::make_directories(staging);
    dataset::block_encoder encoder(what.job);
    dataset::batch_writer writer({staging, what.key, 1 << 30}, what.job, what.job.batches[0], encoder);
    const std::string_view crm = "CRMID";
    dataset::namespace_counts counts;
    counts.add(std::span(&crm, 1));
    writer.append_block("{\"row\":0}\n{\"row\":1}\n", {.rows = 2, .unlinked = 1, .counts = counts});
    append_row(writer, encoder, "{\"row\":2}", std::span(&crm, 1), true);
    CHECK(writer.rows() == 3);
    writer.finish({}, {});
    CHECK(contents(batch_directory(root, what) / "part-00000.ndjson") == lines_of_rows({}, 0, 3));
    const auto text = contents(batch_directory(root, what) / "manifest.json");
    CHECK_THAT(text, Catch::Contains(R"("exportedProfilesByNamespace":{"CRMID":2},"unlinkedProfiles":2,)"));
}
