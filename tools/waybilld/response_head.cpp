#include "response_head.hpp"

#include <array>
#include <charconv>
#include <ctime>

#include <boost/beast/http/status.hpp>

namespace waybill::http {

namespace {

void append_header(std::string& text, std::string_view name, std::string_view value) {
    text += name;
    text += ": ";
    text += value;
    text += "\r\n";
}

/// `Sun, 06 Nov 1994 08:49:37 GMT`, whatever the locale.
std::string http_date(std::chrono::system_clock::time_point now) {
    static constexpr std::array days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto seconds = std::chrono::system_clock::to_time_t(now);
    std::tm parts{};
    ::gmtime_r(&seconds, &parts);
    const auto two = [](int number) { return std::string(number < 10 ? "0" : "") + std::to_string(number); };
    return std::string(days[static_cast<std::size_t>(parts.tm_wday)]) + ", " + two(parts.tm_mday) + " " +
           months[static_cast<std::size_t>(parts.tm_mon)] + " " + std::to_string(parts.tm_year + 1900) + " " +
           two(parts.tm_hour) + ":" + two(parts.tm_min) + ":" + two(parts.tm_sec) + " GMT";
}

} // namespace

std::string head_text(const response& answer, const transfer& how,
                      std::chrono::system_clock::time_point now) {
    const auto reason =
        boost::beast::http::obsolete_reason(static_cast<boost::beast::http::status>(answer.status));
    std::string text = "HTTP/1.1 " + std::to_string(answer.status) + " ";
    text.append(reason.data(), reason.size());
    text += "\r\n";
    for (const auto& [name, value] : answer.headers)
        append_header(text, name, value);
    append_header(text, "Date", http_date(now));
    const bool bodiless = answer.status == 204 || answer.status == 304;
    if (how.chunked)
        append_header(text, "Transfer-Encoding", "chunked");
    else if (!bodiless && answer.length)
        append_header(text, "Content-Length", std::to_string(*answer.length));
    else if (!bodiless && answer.rest == nullptr)
        append_header(text, "Content-Length", std::to_string(answer.body.size()));
    if (how.close) append_header(text, "Connection", "close");
    text += "\r\n";
    return text;
}

std::string chunk_text(std::string_view piece) {
    if (piece.empty()) return {};
    std::array<char, 16> length{};
    const auto [end, problem] = std::to_chars(length.data(), length.data() + length.size(), piece.size(), 16);
    std::string text(length.data(), end);
    text.reserve(text.size() + piece.size() + 4);
    text += "\r\n";
    text += piece;
    text += "\r\n";
    return text;
}

} // namespace waybill::http
