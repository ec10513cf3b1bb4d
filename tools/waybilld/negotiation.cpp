#include "negotiation.hpp"

#include <algorithm>

#include "gzip.hpp"
#include "preferences.hpp"

namespace waybill::http {

namespace {

/// What describes the body goes with it.
void drop_body(response& answer) {
    answer.status = 304;
    answer.body.clear();
    answer.rest.reset();
    answer.length.reset();
    std::erase_if(answer.headers, [](const auto& field) { return field.first == "Content-Type"; });
}

/// Events are told one by one and files go by ranges; both stay as they are.
bool is_worth_gzip(const response& answer) {
    return answer.header("Content-Type") == "application/json" &&
           (answer.rest != nullptr || answer.body.size() >= shortest_gzip);
}

/// A strong tag is for the same bytes, and the job's own are sent to others.
void weaken_tag(response& answer) {
    for (auto& [name, value] : answer.headers)
        if (name == "ETag") value.insert(0, "W/");
}

void gzip(response& answer) {
    auto encoder = std::make_unique<gzip_encoder>();
    answer.body = encoder->encode(answer.body, answer.rest == nullptr);
    if (answer.rest) answer.rest = std::make_shared<gzip_stream>(std::move(encoder), std::move(answer.rest));
}

} // namespace

void negotiate(response& answer, const request& asked) {
    const bool either = is_worth_gzip(answer);
    const bool compressed = either && prefers_gzip(asked);
    if (either) answer.headers.emplace_back("Vary", "Accept-Encoding");
    if (compressed) weaken_tag(answer);
    const auto tag = answer.header("ETag");
    const bool only_looks = asked.is("GET") || asked.is("HEAD");
    if (only_looks && answer.status == 200 && tag && has_already(asked, *tag)) return drop_body(answer);
    if (!compressed) return;
    answer.headers.emplace_back("Content-Encoding", "gzip");
    gzip(answer);
}

} // namespace waybill::http
