#include "spark/spool.hpp"

#include <algorithm>
#include <system_error>

#include "disk/directory.hpp"
#include "disk/durable_file.hpp"
#include "disk/unlinked_path.hpp"
#include "spark/strict_object.hpp"
#include "json/object_writer.hpp"

namespace waybill::spark {

namespace {

constexpr const char* folder = ".spark";
constexpr const char* request_name = "request.json";
constexpr const char* submission_name_ = "submission.json";
constexpr std::size_t most_bytes = std::size_t{1} << 20U;

std::optional<time_span> read_span(const strict_object& of, const char* name) {
    const auto inner = of.object(name);
    if (!inner) return std::nullopt;
    const auto moment = [](std::int64_t ms) { return timestamp{std::chrono::milliseconds{ms}}; };
    time_span span{moment(inner->count("start").value_or(0)), std::nullopt};
    inner->require("start");
    if (const auto end = inner->count("end")) span.end = moment(*end);
    return span;
}

job_metrics read_metrics(const strict_object& of) {
    job_metrics metrics;
    metrics.profile_export = read_span(of, "profileExport");
    metrics.dataset_write = read_span(of, "datasetWrite");
    metrics.candidates = of.count("candidates");
    metrics.looked_at = of.count("lookedAt").value_or(0);
    metrics.exported = of.count("exported").value_or(0);
    metrics.exported_by_namespace = of.counts("byNamespace");
    return metrics;
}

driver_result read_outcome(const strict_object& of) {
    driver_result outcome;
    outcome.metrics = read_metrics(of);
    const auto state = of.text("state").value_or(std::string());
    outcome.staged = state == "staged";
    if (!outcome.staged && state != "failed") of.complain("state", "staged or failed");
    outcome.transient = of.boolean("transient").value_or(false);
    of.each("errors", [&](const strict_object& error) {
        error.require("code");
        outcome.errors.push_back({error.text("code").value_or(std::string()),
                                  error.text("msg").value_or(std::string()),
                                  error.text("callStack").value_or(std::string())});
    });
    return outcome;
}

} // namespace

std::filesystem::path spool_root(const std::filesystem::path& datasets) { return datasets / folder; }

spool::spool(const std::filesystem::path& datasets, const staging_key& key)
    : datasets_(datasets), path_(spool_root(datasets) / to_text(key)) {}

/// Made anew each time: others can write here, and what stands in its place may be a link or a pipe.
void spool::write(const char* name, const std::string& text) const {
    const auto aside = path_ / ('.' + std::string(name) + ".new");
    if (disk::is_there(aside)) disk::remove_tree(aside);
    disk::write_new_file(aside, text);
    std::error_code wrong;
    std::filesystem::rename(aside, path_ / name, wrong);
    if (wrong) disk::throw_system_error(wrong.value(), "replace", path_ / name);
    disk::sync_directory(path_);
}

void spool::write_request(const std::string& text) const {
    disk::make_directories(path_);
    write(request_name, text);
}

void spool::write_submissions(const recorded_intent& intent) const {
    std::string text;
    {
        json::object_writer to(text);
        auto& out = to.member("ids");
        json::append_array(out, intent.ids, [&](const auto& id) { json::append_string(out, id); });
        to.integer("tries", intent.tries);
    }
    write(submission_name_, text);
}

void spool::write_cancel() const {
    if (disk::is_there(path_)) write("cancel", {});
}

void spool::remove() const {
    if (disk::is_there(path_)) disk::remove_tree(path_);
}

result<std::optional<std::string>> spool::read(const std::string& name) const {
    const auto directory = disk::open_directory(datasets_, std::filesystem::path(folder) / path_.filename());
    const auto file = directory ? disk::open_file(*directory, name) : std::nullopt;
    if (!file) return std::optional<std::string>();
    auto text = disk::read_at(file->descriptor, 0, most_bytes + 1);
    if (text.size() > most_bytes)
        return failure{errc::invalid, (path_ / name).string() + " has more than a megabyte", {}};
    return std::optional(std::move(text));
}

template <class Content, class Read>
result<std::optional<Content>> spool::read_as(const std::string& name, Read read_content) const {
    const auto text = read(name);
    if (!text) return text.error();
    if (!*text) return std::optional<Content>();
    std::string wrong;
    json::document document;
    if (const auto error = document.parse(**text)) {
        wrong = error->message + " (at byte " + std::to_string(error->offset) + ")";
    } else {
        auto content = read_content(strict_object(document.root(), {}, wrong));
        if (wrong.empty()) return std::optional<Content>(std::move(content));
    }
    return failure{errc::invalid, (path_ / name).string() + " is not as it should be: " + wrong, {}};
}

result<std::optional<recorded_intent>> spool::read_intent() const {
    auto intent = read_as<recorded_intent>(request_name, [](const strict_object& of) {
        recorded_intent read;
        if (of.count("schemaVersion") != 1) of.complain("schemaVersion", "1");
        of.require("name");
        read.name = of.text("name").value_or(std::string());
        return read;
    });
    if (!intent || !*intent) return intent;
    const auto submitted = read_as<recorded_intent>(submission_name_, [](const strict_object& of) {
        recorded_intent read;
        read.ids = of.texts("ids");
        read.tries = of.count("tries").value_or(1);
        return read;
    });
    if (!submitted) return submitted.error();
    if (*submitted) {
        (*intent)->ids = (*submitted)->ids;
        (*intent)->tries = (*submitted)->tries;
    }
    return intent;
}

result<std::optional<driver_claim>> spool::read_claim() const {
    return read_as<driver_claim>("claim.json", [](const strict_object& of) {
        return driver_claim{of.text("submissionId"), of.text("applicationId")};
    });
}

result<std::optional<job_metrics>> spool::read_progress() const {
    return read_as<job_metrics>("progress.json", read_metrics);
}

result<std::optional<driver_result>> spool::read_result() const {
    return read_as<driver_result>("result.json", read_outcome);
}

} // namespace waybill::spark
