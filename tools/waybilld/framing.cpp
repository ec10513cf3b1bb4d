#include "framing.hpp"

#include <algorithm>
#include <array>

namespace waybill::http {

namespace {

/// Of which two would leave open which one counts.
constexpr std::array<std::string_view, 10> at_most_once{
    "Authorization", "x-api-key",      "x-gw-ims-org-id", "x-sandbox-name",        "Content-Type",
    "x-request-id",  "Content-Length", "Idempotency-Key", "x-profile-instance-id", "Host"};

head_scan refused(std::string message) { return {head_scan::verdict::malformed, 0, std::move(message)}; }

std::size_t target_length(std::string_view request_line) {
    const auto first = request_line.find(' ');
    if (first == std::string_view::npos) return 0;
    return std::min(request_line.find(' ', first + 1), request_line.size()) - first - 1;
}

std::optional<std::string> broken_line_end(std::string_view bytes) {
    for (std::size_t at = 0; at < bytes.size(); ++at) {
        const char c = bytes[at];
        if (c == '\0') return "a header holds a zero byte";
        if (c == '\n' && (at == 0 || bytes[at - 1] != '\r')) return "a line ends without CR";
        if (c == '\r' && at + 1 < bytes.size() && bytes[at + 1] != '\n') return "a CR stands alone";
    }
    return std::nullopt;
}

finding about(std::string_view header, std::string_view code, std::string message) {
    return {std::string(code), std::move(message), std::string(header)};
}

std::optional<finding> check_transfer_encoding(const request& parsed) {
    const auto times = parsed.count("Transfer-Encoding");
    if (times == 0) return std::nullopt;
    constexpr std::string_view header = "Transfer-Encoding";
    if (parsed.version < 11)
        return about(header, "invalid_value", "expected no transfer encoding with HTTP/1.0");
    if (times > 1 || !same_token(*parsed.header(header), "chunked"))
        return about(header, "invalid_value", "expected nothing but chunked");
    if (parsed.count("Content-Length") > 0)
        return about(header, "invalid_value", "expected either Transfer-Encoding or Content-Length");
    return std::nullopt;
}

} // namespace

head_scan scan_head(std::string_view bytes, const head_limits& limits) {
    const auto end = bytes.find("\r\n\r\n");
    const bool complete = end != std::string_view::npos;
    const auto head = complete ? bytes.substr(0, end + 4) : bytes;

    const auto line_end = std::min(head.find("\r\n"), head.size());
    auto line = head.substr(0, line_end);
    if (line_end == head.size() && line.ends_with('\r')) line.remove_suffix(1); // half of its end
    if (target_length(line) > limits.target) return {head_scan::verdict::target_too_long, 0, {}};
    if (line.size() > limits.target + 64) return refused("the request line is too long");
    if (head.size() - line_end > limits.header_block + 2) return {head_scan::verdict::block_too_long, 0, {}};

    if (auto problem = broken_line_end(head)) return refused(std::move(*problem));
    for (auto at = head.find("\r\n"); at != std::string_view::npos; at = head.find("\r\n", at + 2))
        if (at + 2 < head.size() && (head[at + 2] == ' ' || head[at + 2] == '\t'))
            return refused("a header goes on in a second line");
    if (!complete) return {};
    return {head_scan::verdict::complete, head.size(), {}};
}

std::optional<finding> check_framing(const request& parsed) {
    if (auto found = check_transfer_encoding(parsed)) return found;
    for (const auto header : at_most_once)
        if (parsed.count(header) > 1) return about(header, "too_many", "expected this header once");
    if (parsed.count("Host") == 0 && parsed.version >= 11)
        return about("Host", "required", "expected this header");
    if (const auto length = parsed.header("Content-Length"); length && !parsed.announced_length())
        return about("Content-Length", "invalid_value", "expected a number of bytes");
    return std::nullopt;
}

std::optional<std::string> origin_form(std::string_view target) {
    if (target == "*" || target.starts_with('/')) return std::string(target);
    const auto colon = target.find("://");
    if (colon == std::string_view::npos) return std::nullopt;
    const auto scheme = target.substr(0, colon);
    if (!same_token(scheme, "http") && !same_token(scheme, "https")) return std::nullopt;
    const auto path = target.find_first_of("/?", colon + 3);
    if (path == colon + 3) return std::nullopt;
    if (path == std::string_view::npos) return "/";
    return (target[path] == '?' ? "/" : "") + std::string(target.substr(path));
}

} // namespace waybill::http
