#include <waybill/json.hpp>

#include "json/object_writer.hpp"

namespace waybill {
namespace {

void append_percent_encoded(std::string& out, std::string_view text) {
    static constexpr char hex[] = "0123456789ABCDEF";
    for (const char c : text) {
        const bool unreserved = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                                c == '-' || c == '.' || c == '_' || c == '~';
        if (unreserved) {
            out += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        out += '%';
        out += hex[byte >> 4U];
        out += hex[byte & 0xFU];
    }
}

/// Appends the first or a further parameter to a link that ends with `?` or with a parameter.
void append_parameter(std::string& out, std::string_view name, std::string_view text) {
    out += out.back() == '?' ? "" : "&";
    out += name;
    out += '=';
    append_percent_encoded(out, text);
}

void append_moment(std::string& out, std::string_view name, const std::optional<timestamp>& moment) {
    if (moment) append_parameter(out, name, std::to_string(moment->time_since_epoch().count()));
}

} // namespace

std::string next_page_link(const list_request& asked, const std::string& page_offset) {
    std::string link = "/export/jobs/?";
    if (asked.has_limit) append_parameter(link, "limit", std::to_string(asked.query.limit));
    append_parameter(link, "offset", page_offset);
    if (!asked.query.statuses.empty()) {
        std::string statuses;
        for (const auto status : asked.query.statuses) {
            if (!statuses.empty()) statuses += ',';
            statuses += to_text(status);
        }
        append_parameter(link, "status", statuses);
    }
    if (asked.query.segment_id) append_parameter(link, "segmentId", *asked.query.segment_id);
    if (asked.query.dataset_id) append_parameter(link, "datasetId", *asked.query.dataset_id);
    append_moment(link, "createdAfter", asked.query.created_after);
    append_moment(link, "createdBefore", asked.query.created_before);
    return link;
}

void append_page_head(std::string& out) { out += R"({"records":[)"; }

void append_page_tail(std::string& out, std::size_t records, const std::string& page_offset,
                      const std::string& next_link) {
    out += R"(],"page":)";
    {
        json::object_writer to(out);
        // The literal that clients know, though the member is creationTime.
        to.text("sortField", "createdTime");
        to.text("sort", "desc");
        to.text("pageOffset", page_offset);
        to.integer("pageSize", static_cast<std::int64_t>(records));
    }
    out += R"(,"link":)";
    json::object_writer(out).text("next", next_link);
    out += '}';
}

void append_json(std::string& out, const job_page& page, const list_request& asked) {
    append_page_head(out);
    for (const auto& job : page.jobs) {
        if (&job != &page.jobs.front()) out += ',';
        append_json(out, job);
    }
    const auto page_offset = page.jobs.empty() ? std::string{} : to_text(position_of(page.jobs.back()));
    append_page_tail(out, page.jobs.size(), page_offset,
                     page.more ? next_page_link(asked, page_offset) : std::string{});
}

} // namespace waybill
