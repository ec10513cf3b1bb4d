#include "dataset/current.hpp"

#include <algorithm>

#include <waybill/result.hpp>

#include "dataset/layout.hpp"
#include "disk/durable_file.hpp"
#include "json/object_writer.hpp"

namespace waybill::dataset {

namespace {

using json::append_array;
using json::object_writer;

constexpr std::int64_t schema_version = 1;

[[noreturn]] void damaged(const std::filesystem::path& path, const std::string& why) {
    throw store_failure(store_failure::kind::corrupt, path.string() + " is damaged: " + why);
}

void append_batch(std::string& out, const current_batch& batch) {
    object_writer to(out);
    to.text("batchId", batch.batch_id);
    if (batch.segment_id) to.text("segmentId", *batch.segment_id);
    if (batch.segment_ns) to.text("segmentNs", *batch.segment_ns);
    to.integer("rows", batch.rows);
    to.integer("bytes", batch.bytes);
    to.text("manifestSha256", batch.manifest_sha256);
}

std::string text_of(const current_dataset& what) {
    std::string out;
    {
        object_writer to(out);
        to.integer("schemaVersion", schema_version);
        to.text("datasetId", what.dataset_id);
        to.integer("jobId", what.job);
        to.integer("commitSequence", what.commit_sequence);
        to.text("publishedAt", what.published_at);
        to.member("batches");
        append_array(out, what.batches, [&](const auto& batch) { append_batch(out, batch); });
        to.member("superseded");
        append_array(out, what.superseded, [&](const auto& id) { json::append_string(out, id); });
    }
    out += '\n';
    return out;
}

std::optional<std::string> text_member(json::value from, std::string_view name) {
    const auto member = from.member(name);
    return member.is_string() ? std::optional(member.text()) : std::nullopt;
}

std::optional<current_batch> parse_batch(json::value from) {
    const auto rows = from.member("rows").integer();
    const auto bytes = from.member("bytes").integer();
    auto batch_id = text_member(from, "batchId");
    auto sum = text_member(from, "manifestSha256");
    if (!rows || !bytes || !batch_id || !valid_batch_id(*batch_id) || !sum) return std::nullopt;
    return current_batch{
        std::move(*batch_id), text_member(from, "segmentId"), text_member(from, "segmentNs"), *rows, *bytes,
        std::move(*sum)};
}

void parse_lists(json::value root, const std::filesystem::path& path, current_dataset& into) {
    const auto batches = root.member("batches");
    const auto superseded = root.member("superseded");
    if (!batches.is_array() || !superseded.is_array())
        damaged(path, "batches and superseded should be arrays");
    for (const auto entry : batches.children()) {
        auto batch = parse_batch(entry);
        if (!batch) damaged(path, "a malformed entry of batches");
        into.batches.push_back(std::move(*batch));
    }
    for (const auto entry : superseded.children()) {
        if (!entry.is_string() || !valid_batch_id(entry.text()))
            damaged(path, "a malformed entry of superseded");
        into.superseded.push_back(entry.text());
    }
}

} // namespace

const current_batch* current_dataset::find(std::string_view batch_id) const {
    const auto at = std::find_if(batches.begin(), batches.end(),
                                 [&](const auto& batch) { return batch.batch_id == batch_id; });
    return at == batches.end() ? nullptr : &*at;
}

bool current_dataset::lists_as_superseded(std::string_view batch_id) const {
    return std::find(superseded.begin(), superseded.end(), batch_id) != superseded.end();
}

std::optional<current_dataset> read_current(const std::filesystem::path& dataset) {
    const auto path = dataset / current_name;
    const auto text = disk::read_file(path);
    if (!text) return std::nullopt;
    json::document document;
    if (const auto error = document.parse(*text)) damaged(path, error->message);
    const auto root = document.root();
    const auto version = root.member("schemaVersion").integer();
    if (!version) damaged(path, "no schemaVersion");
    if (*version > schema_version)
        throw store_failure(store_failure::kind::newer_schema,
                            path.string() + " has schemaVersion " + std::to_string(*version) +
                                ", this Waybill reads up to " + std::to_string(schema_version));
    const auto job = root.member("jobId").integer();
    const auto sequence = root.member("commitSequence").integer();
    auto published_at = text_member(root, "publishedAt");
    if (*version != schema_version || !job || !sequence || !published_at)
        damaged(path, "schemaVersion, jobId, commitSequence or publishedAt is missing or wrong");
    // The directory is the dataset's name; a file that names another was copied here.
    if (text_member(root, "datasetId") != dataset.filename().string())
        damaged(path, "it names another dataset");
    current_dataset what{dataset.filename().string(), *job, *sequence, std::move(*published_at), {}, {}};
    parse_lists(root, path, what);
    return what;
}

void replace_current(const std::filesystem::path& dataset, const current_dataset& what) {
    disk::replace_file(dataset / current_name, dataset / current_aside_name, text_of(what));
}

} // namespace waybill::dataset
