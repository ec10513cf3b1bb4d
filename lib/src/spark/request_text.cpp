#include <waybill/dataset_publisher.hpp>
#include <waybill/json.hpp>

#include "dataset/layout.hpp"
#include "spark/spool.hpp"
#include "json/object_writer.hpp"

namespace waybill::spark {

namespace {

void append_key(std::string& out, const staging_key& key) {
    json::object_writer to(out);
    to.integer("job", key.job);
    to.integer("attempt", key.attempt);
    to.integer("epoch", key.epoch);
}

void append_tenant(std::string& out, const tenant& owner) {
    json::object_writer to(out);
    to.text("org", owner.org);
    to.text("sandbox", owner.sandbox);
}

void append_output(std::string& out, const dataset_output& output) {
    json::object_writer to(out);
    to.text("format", to_text(output.format));
    to.text("compression", to_text(output.compression));
}

void append_batch(std::string& out, const export_batch& batch) {
    json::object_writer to(out);
    to.text("batchId", batch.batch_id);
    if (batch.segment)
        to.integer("segment", static_cast<std::int64_t>(*batch.segment));
    else
        to.member("segment") += "null";
}

} // namespace

std::string submission_name(const staging_key& key, const export_job& job) {
    return "waybill-" + to_text(key) + '-' + (job.batches.empty() ? "" : job.batches.front().batch_id);
}

std::string request_text(const spark_engine_options& options, const staging_key& key, const export_job& job) {
    const auto dataset = dataset_directory(options.datasets, job.owner, job.request.dataset_id);
    std::string text;
    {
        json::object_writer to(text);
        to.integer("schemaVersion", 1);
        append_key(to.member("key"), key);
        to.text("name", submission_name(key, job));
        to.text("spool", (spool_root(options.datasets) / to_text(key)).string());
        to.text("dataset", dataset.string());
        to.text("staging", dataset::staging_directory(dataset, key).string());
        append_tenant(to.member("tenant"), job.owner);
        to.text("profiles", options.profiles);
        to.integer("partBytes", options.part_bytes);
        append_output(to.member("output"), job.output);
        auto& out = to.member("batches");
        json::append_array(out, job.batches, [&](const auto& batch) { append_batch(out, batch); });
        append_json(to.member("job"), job);
    }
    return text;
}

} // namespace waybill::spark
