#include "dataset/manifest.hpp"

#include <optional>

#include <waybill/field_paths.hpp>
#include <waybill/json.hpp>

#include "dataset/output_columns.hpp"
#include "json/object_writer.hpp"

namespace waybill::dataset {

namespace {

using json::append_array;
using json::object_writer;

/// Repeats the request's members as the job document spells them.
void append_request(object_writer& to, const export_job& job) {
    export_job bare;
    bare.request = job.request;
    std::string text;
    append_json(text, bare);
    json::document document;
    if (document.parse(text)) throw store_failure(store_failure::kind::internal, "a job's text is no JSON");
    for (const char* name : {"schema", "fields", "mergePolicy", "filter", "additionalFields"})
        if (const auto member = document.root().member(name)) to.member(name) += member.raw();
}

void append_segment(object_writer& to, const export_job& job, const export_batch& batch) {
    if (!batch.segment || !job.request.filter) return;
    const auto& segment = job.request.filter->segments.at(*batch.segment);
    to.text("segmentId", segment.segment_id);
    to.text("segmentNs", segment.segment_ns);
    auto& out = to.member("status");
    append_array(out, segment.statuses, [&](auto status) { json::append_string(out, to_text(status)); });
}

/// The paths that were asked for; of CSV the header.
void append_columns(object_writer& to, const export_job& job) {
    const auto paths =
        job.output.format == dataset_format::csv
            ? output_columns(job.request)
            : split_fields(job.request.fields.value_or("")).value_or(std::vector<std::string>{});
    auto& out = to.member("columns");
    if (paths.empty())
        out += "null";
    else
        append_array(out, paths, [&](const auto& path) { json::append_string(out, path); });
}

void append_file(std::string& out, const part_file& file) {
    object_writer to(out);
    to.text("name", file.name);
    to.integer("rows", file.rows);
    to.integer("bytes", file.bytes);
    to.text("sha256", file.sha256);
}

void append_account(object_writer& to, const export_account& account) {
    auto& out = to.member("exportedProfilesByNamespace");
    out += '{';
    for (const auto& [name, count] : account.by_namespace) {
        if (out.back() != '{') out += ',';
        json::append_string(out, name);
        out += ':';
        json::append_integer(out, count);
    }
    out += '}';
    if (account.unlinked != 0) to.integer("unlinkedProfiles", account.unlinked);
    to.text("startTime", to_rfc3339(account.start));
    to.text("endTime", to_rfc3339(account.end));
}

/// What was decided at which moment, by which text of each condition.
void append_evaluation(object_writer& to, const segment_evaluation_report& how,
                       const part_file& memberships) {
    object_writer evaluation(to.member("evaluation"));
    evaluation.text("now", to_rfc3339(how.now));
    evaluation.integer("profiles", how.profiles);
    {
        auto& out = evaluation.member("segments");
        out += '{';
        for (const auto& segment : how.segments) {
            if (out.back() != '{') out += ',';
            json::append_string(out, segment.id);
            out += ':';
            object_writer counts(out);
            counts.integer("version", segment.version);
            counts.text("expressionSha256", segment.expression_sha256);
            counts.integer("realized", segment.realized);
            counts.integer("existing", segment.existing);
            counts.integer("exited", segment.exited);
        }
        out += '}';
    }
    append_file(evaluation.member("memberships"), memberships);
}

} // namespace

std::string manifest_text(const manifest& what, const export_job& job, const export_batch& batch,
                          const export_account& account) {
    std::string out;
    {
        object_writer to(out);
        to.integer("schemaVersion", 1);
        to.integer("jobId", what.key.job);
        to.integer("attempt", what.key.attempt);
        to.integer("epoch", what.key.epoch);
        to.text("batchId", what.batch_id);
        append_segment(to, job, batch);
        {
            object_writer owner(to.member("tenant"));
            owner.text("imsOrgId", job.owner.org);
            owner.text("sandbox", job.owner.sandbox);
        }
        to.text("datasetId", job.request.dataset_id);
        append_request(to, job);
        to.text("format", to_text(job.output.format));
        to.text("compression", to_text(job.output.compression));
        append_columns(to, job);
        to.member("files");
        append_array(out, what.files, [&](const auto& file) { append_file(out, file); });
        {
            object_writer totals(to.member("totals"));
            totals.integer("rows", what.rows);
            totals.integer("bytes", what.bytes);
        }
        append_account(to, account);
        if (account.evaluation && what.memberships)
            append_evaluation(to, *account.evaluation, *what.memberships);
    }
    out += '\n';
    return out;
}

} // namespace waybill::dataset
