// The job document of the wire (contract 1.3): reading requests with all findings at once, writing answers
// straight to text. Pure functions, any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <waybill/export_job.hpp>
#include <waybill/job_page.hpp>
#include <waybill/result.hpp>

namespace waybill {

struct json_limits {
    std::size_t depth = 32;            ///< of objects and arrays inside each other
    std::size_t segments = 500;        ///< entries of `filter.segments`
    std::size_t field_paths = 500;     ///< paths of one `fields` text
    std::size_t path_characters = 256; ///< of one path
};

/// Reads the body of a create. `request_id` and `profile_instance_id` are not in the body and stay as they
/// are by default. On failure `findings` has every place that breaks a rule.
result<new_export_job> parse_new_export_job(std::string_view body, const json_limits& limits = {});

/// Appends the job document.
void append_json(std::string& out, const export_job& job);

/// What a listing was asked for, to be repeated in `link.next`.
struct list_request {
    bool has_limit = false;
    job_query query;
};

/// Appends the page document: `records`, `page`, `link`.
void append_json(std::string& out, const job_page& page, const list_request& asked);

/// `link.next` of a page that ends at `page_offset`: repeats the limit and every filter, percent-encoded.
std::string next_page_link(const list_request& asked, const std::string& page_offset);

/// The pieces of a page document that is streamed: the opening, then each job by `append_json` with commas
/// between, then the close.
void append_page_head(std::string& out);
void append_page_tail(std::string& out, std::size_t records, const std::string& page_offset,
                      const std::string& next_link);

} // namespace waybill
