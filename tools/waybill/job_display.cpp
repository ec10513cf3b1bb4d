#include "job_display.hpp"

#include <chrono>
#include <cstdio>

#include <waybill/timestamp.hpp>

#include "command_failure.hpp"
#include "table.hpp"

namespace waybill::tool {

namespace {

using json = nlohmann::ordered_json;

json parse(const std::string& text) {
    auto document = json::parse(text, nullptr, false);
    if (!document.is_object())
        throw command_failure(exit_failed, "expected a JSON object, got something else");
    return document;
}

/// The value as text, empty when it is not there: a string without its quotes, anything else as JSON.
std::string text_at(const json& document, const char* pointer) {
    const json::json_pointer where(pointer);
    if (!document.contains(where)) return {};
    const auto& value = document.at(where);
    if (value.is_number_integer()) return grouped(value.get<std::int64_t>());
    return value.is_string() ? value.get<std::string>() : value.dump();
}

/// An identifier is not grouped like a number.
std::string id_of(const json& job) { return job.contains("id") ? job["id"].dump() : std::string(); }

std::string moment_at(const json& document, const char* pointer) {
    const json::json_pointer where(pointer);
    if (!document.contains(where) || !document.at(where).is_number_integer()) return {};
    return to_rfc3339(timestamp{std::chrono::milliseconds{document.at(where).get<std::int64_t>()}});
}

std::string segments_of(const json& job) {
    const json::json_pointer where("/filter/segments");
    if (!job.contains(where) || !job.at(where).is_array() || job.at(where).empty()) return "all profiles";
    const auto& segments = job.at(where);
    auto text = text_at(segments.front(), "/segmentNs") + ":" + text_at(segments.front(), "/segmentId");
    if (segments.size() > 1) text += " and " + std::to_string(segments.size() - 1) + " more";
    return text;
}

std::string progress_of(const json& job) {
    const auto percent = text_at(job, "/metrics/progress/percent");
    if (percent.empty()) return {};
    return percent + " % of " + text_at(job, "/metrics/progress/candidates");
}

void print_batches(const json& batches) {
    table shown({{"batch"}, {"segment"}, {"rows", table::align::right}, {"bytes", table::align::right}});
    for (const auto& batch : batches) {
        const auto segment = batch.contains("segmentId")
                                 ? text_at(batch, "/segmentNs") + ":" + text_at(batch, "/segmentId")
                                 : std::string("-");
        shown.add({text_at(batch, "/batchId"), segment, text_at(batch, "/rows"), text_at(batch, "/bytes")});
    }
    if (shown.empty()) return;
    std::puts("");
    shown.print();
}

void print_errors(const json& job) {
    if (!job.contains("errors")) return;
    table shown({{"code"}, {"error"}, {"cause"}});
    for (const auto& error : job["errors"])
        shown.add({text_at(error, "/code"), text_at(error, "/msg"), text_at(error, "/callStack")});
    if (shown.empty()) return;
    std::puts("");
    shown.print();
}

void print_timeline(const json& transitions) {
    table shown({{"at"}, {"status"}, {"attempt", table::align::right}, {"actor"}, {"reason"}});
    for (const auto& move : transitions)
        shown.add({text_at(move, "/at"), text_at(move, "/to"), text_at(move, "/attempt"),
                   text_at(move, "/actor"), text_at(move, "/reason")});
    std::puts("");
    shown.print();
}

} // namespace

void print_page(const std::string& page_document) {
    const auto page = parse(page_document);
    table shown({{"id", table::align::right},
                 {"status"},
                 {"created"},
                 {"dataset"},
                 {"segments"},
                 {"exported", table::align::right}});
    for (const auto& job : page.value("records", json::array()))
        shown.add({id_of(job), text_at(job, "/status"), moment_at(job, "/creationTime"),
                   text_at(job, "/destination/datasetId"), segments_of(job),
                   text_at(job, "/metrics/totalExportedProfileCounter")});
    shown.print();
    if (!text_at(page, "/link/next").empty())
        std::printf("More follow: --after %s\n", printable(text_at(page, "/page/pageOffset")).c_str());
}

void print_job(const job_view& view) {
    const auto job = parse(view.document);
    print_properties({{"id", id_of(job)},
                      {"status", text_at(job, "/status")},
                      {"org", text_at(job, "/imsOrgId")},
                      {"dataset", text_at(job, "/destination/datasetId")},
                      {"schema", text_at(job, "/schema/name")},
                      {"fields", text_at(job, "/fields")},
                      {"merge policy", text_at(job, "/mergePolicy/id")},
                      {"segments", segments_of(job)},
                      {"created", moment_at(job, "/creationTime")},
                      {"updated", moment_at(job, "/updateTime")},
                      {"exported", text_at(job, "/metrics/totalExportedProfileCounter")},
                      {"progress", progress_of(job)},
                      {"engine's id", text_at(job, "/computeGatewayJobId/exportJob")},
                      {"request id", text_at(job, "/requestId")}});
    print_batches(view.batches);
    print_errors(job);
    if (view.transitions) print_timeline(*view.transitions);
}

} // namespace waybill::tool
