#include "request_reader.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>

namespace waybill::http {

namespace beast_http = boost::beast::http;

request_reader::step request_reader::refuse(unsigned status, finding why) {
    refusal_ = {status, std::move(why)};
    return step::refused;
}

request_reader::step request_reader::read_head() {
    skip_blank_lines();
    if (received_.empty() || received_ == "\r") return step::need_more;

    const auto scan = scan_head(received_, limits_);
    switch (scan.what) {
    case head_scan::verdict::incomplete: return step::need_more;
    case head_scan::verdict::malformed: return refuse(400, {"invalid_value", scan.message, ""});
    case head_scan::verdict::target_too_long:
        return refuse(414, {"uri_too_long",
                            "expected a target of at most " + std::to_string(limits_.target) + " bytes", ""});
    case head_scan::verdict::block_too_long:
        return refuse(431,
                      {"header_fields_too_large",
                       "expected headers of at most " + std::to_string(limits_.header_block) + " bytes", ""});
    case head_scan::verdict::complete: break;
    }
    return take_head(scan.length);
}

request_reader::step request_reader::take_head(std::size_t length) {
    beast_http::request_parser<beast_http::empty_body> parser;
    parser.header_limit(std::numeric_limits<std::uint32_t>::max()); // limited before it gets here
    parser.body_limit(boost::none);                                 // known only once the caller is known
    boost::beast::error_code problem;
    parser.put(boost::asio::buffer(received_.data(), length), problem);
    if (problem || !parser.is_header_done())
        return refuse(400, {"invalid_value", "this is no HTTP request: " + problem.message(), ""});
    received_.erase(0, length);

    const auto& message = parser.get();
    parsed_ = request{};
    parsed_.method = std::string(message.method_string());
    parsed_.version = message.version();
    for (const auto& field : message)
        parsed_.headers.emplace_back(std::string(field.name_string()), std::string(field.value()));
    auto target = origin_form(std::string_view(message.target().data(), message.target().size()));
    if (target) parsed_.target = std::move(*target);
    if (auto found = check_framing(parsed_)) return refuse(400, std::move(*found));
    if (!target) return refuse(400, {"invalid_value", "expected a target that begins with /", ""});
    keep_alive_ = parser.keep_alive();
    return step::ready;
}

request_reader::step request_reader::read_body(std::size_t most) {
    const auto length = parsed_.announced_length().value_or(0);
    if (length > most) return refuse_body(most);
    if (parsed_.header("Transfer-Encoding")) return read_chunks(most);
    const auto now = std::min(length - parsed_.body.size(), received_.size());
    parsed_.body.append(received_, 0, now);
    received_.erase(0, now);
    return parsed_.body.size() == length ? step::ready : step::need_more;
}

request_reader::step request_reader::read_chunks(std::size_t most) {
    if (!chunks_) chunks_.emplace(most);
    switch (chunks_->read(received_, parsed_.body)) {
    case chunk_reader::step::need_more: return step::need_more;
    case chunk_reader::step::ready: return step::ready;
    case chunk_reader::step::too_long: return refuse_body(most);
    case chunk_reader::step::malformed: break;
    }
    return refuse(400, {"invalid_value", "the body is not framed as announced", ""});
}

request_reader::step request_reader::refuse_body(std::size_t most) {
    return refuse(413,
                  {"content_too_large", "expected a body of at most " + std::to_string(most) + " bytes", ""});
}

request_reader::step request_reader::skip_body() {
    const auto length = parsed_.announced_length().value_or(0);
    const auto now = std::min(length - skipped_, received_.size());
    received_.erase(0, now);
    skipped_ += now;
    return skipped_ == length ? step::ready : step::need_more;
}

void request_reader::next() {
    chunks_.reset();
    skipped_ = 0;
    keep_alive_ = false;
    parsed_ = request{};
    skip_blank_lines();
}

void request_reader::skip_blank_lines() {
    std::size_t blank = 0;
    while (received_.compare(blank, 2, "\r\n") == 0)
        blank += 2;
    received_.erase(0, blank);
}

} // namespace waybill::http
