#include "request_reader.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

namespace waybill::http {

namespace beast_http = boost::beast::http;

namespace {

/// Chunk headers and trailers that are longer than this are nobody's.
constexpr std::size_t most_unparsed = std::size_t{32} << 10U;

} // namespace

struct request_reader::parser {
    beast_http::request_parser<beast_http::string_body> beast;
    bool in_body = false;

    parser() {
        beast.header_limit(std::numeric_limits<std::uint32_t>::max()); // limited before it gets here
        beast.body_limit(boost::none);                                 // known only once the caller is known
    }
};

request_reader::request_reader(const head_limits& limits) : limits_(limits) {}
request_reader::~request_reader() = default;

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
    parser_ = std::make_unique<parser>();
    boost::beast::error_code problem;
    parser_->beast.put(boost::asio::buffer(received_.data(), length), problem);
    if (problem || !parser_->beast.is_header_done())
        return refuse(400, {"invalid_value", "this is no HTTP request: " + problem.message(), ""});
    received_.erase(0, length);

    const auto& message = parser_->beast.get();
    parsed_ = request{};
    parsed_.method = std::string(message.method_string());
    parsed_.version = message.version();
    for (const auto& field : message)
        parsed_.headers.emplace_back(std::string(field.name_string()), std::string(field.value()));
    auto target = origin_form(std::string_view(message.target().data(), message.target().size()));
    if (target) parsed_.target = std::move(*target);
    if (auto found = check_framing(parsed_)) return refuse(400, std::move(*found));
    if (!target) return refuse(400, {"invalid_value", "expected a target that begins with /", ""});
    return step::ready;
}

request_reader::step request_reader::read_body(std::size_t most) {
    auto& beast = parser_->beast;
    const auto too_long = [&] {
        return refuse(
            413, {"content_too_large", "expected a body of at most " + std::to_string(most) + " bytes", ""});
    };
    if (parsed_.announced_length().value_or(0) > most) return too_long();
    if (!parser_->in_body) { // once: Beast counts its limit down
        beast.body_limit(most);
        beast.eager(true);
        parser_->in_body = true;
    }
    while (!beast.is_done()) {
        boost::beast::error_code problem;
        const auto used = received_.empty() ? 0 : beast.put(boost::asio::buffer(received_), problem);
        received_.erase(0, used);
        if (problem == beast_http::error::body_limit) return too_long();
        if (problem && problem != beast_http::error::need_more)
            return refuse(400,
                          {"invalid_value", "the body is not framed as announced: " + problem.message(), ""});
        if (used == 0 && received_.size() > most_unparsed)
            return refuse(400, {"invalid_value", "the body is not framed as announced", ""});
        if (used == 0) return step::need_more;
    }
    parsed_.body = std::move(beast.get().body());
    return step::ready;
}

request_reader::step request_reader::skip_body() {
    const auto length = parsed_.announced_length().value_or(0);
    const auto now = std::min(length - skipped_, received_.size());
    received_.erase(0, now);
    skipped_ += now;
    return skipped_ == length ? step::ready : step::need_more;
}

void request_reader::next() {
    parser_.reset();
    skipped_ = 0;
    parsed_ = request{};
    skip_blank_lines();
}

void request_reader::skip_blank_lines() {
    std::size_t blank = 0;
    while (received_.compare(blank, 2, "\r\n") == 0)
        blank += 2;
    received_.erase(0, blank);
}

bool request_reader::keep_alive() const {
    return parser_ && parser_->beast.is_header_done() && parser_->beast.keep_alive();
}

} // namespace waybill::http
