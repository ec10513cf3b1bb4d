#include <algorithm>
#include <charconv>

#include <waybill/spark_engine.hpp>

namespace waybill {

namespace {

constexpr std::string_view spark_scheme = "spark://";
constexpr std::string_view http_scheme = "http://";

failure unreadable(std::string_view text) {
    return {errc::invalid,
            "expected spark://HOST:6066 (the REST port of a standalone master) or http://HOST:8998 (Apache "
            "Livy), got '" +
                std::string(text) + "'",
            {}};
}

bool is_host(std::string_view text, bool bracketed) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [bracketed](char c) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        return plain || c == '.' || c == '-' || c == '_' || (bracketed && c == ':');
    });
}

bool is_prefix(std::string_view text) {
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return c > ' ' && c <= '~' && c != '?' && c != '#'; });
}

/// `HOST`, `HOST:PORT`, with brackets around an IPv6 address.
bool read_authority(std::string_view text, spark_url& into) {
    const bool bracketed = text.starts_with('[');
    auto end = bracketed ? text.find(']') : text.find(':');
    if (bracketed && end == std::string_view::npos) return false;
    const auto host = bracketed ? text.substr(1, end - 1) : text.substr(0, end);
    if (!is_host(host, bracketed)) return false;
    into.host = host;
    auto rest = bracketed ? text.substr(end + 1) : text.substr(std::min(end, text.size()));
    if (rest.empty()) return true;
    if (rest.front() != ':') return false;
    rest.remove_prefix(1);
    const auto [stop, wrong] = std::from_chars(rest.data(), rest.data() + rest.size(), into.port);
    return wrong == std::errc{} && stop == rest.data() + rest.size() && into.port != 0;
}

} // namespace

result<spark_url> parse_spark_url(std::string_view text) {
    if (text.starts_with("https://"))
        return failure{errc::invalid,
                       "https is not spoken to a cluster: put a proxy that speaks it beside the host, "
                       "and name that by http://",
                       {}};
    spark_url url;
    auto rest = text;
    if (text.starts_with(spark_scheme)) {
        rest.remove_prefix(spark_scheme.size());
    } else if (text.starts_with(http_scheme)) {
        url.protocol = spark_protocol::livy;
        url.port = 8998;
        rest.remove_prefix(http_scheme.size());
    } else {
        return unreadable(text);
    }
    const auto slash = std::min(rest.find('/'), rest.size());
    auto prefix = rest.substr(slash);
    while (prefix.ends_with('/'))
        prefix.remove_suffix(1);
    if (!read_authority(rest.substr(0, slash), url) || !is_prefix(prefix)) return unreadable(text);
    if (url.protocol == spark_protocol::standalone && !prefix.empty()) return unreadable(text);
    url.prefix = prefix;
    return url;
}

std::string to_text(const spark_url& url) {
    std::string text(url.protocol == spark_protocol::standalone ? spark_scheme : http_scheme);
    const bool bracketed = url.host.find(':') != std::string::npos;
    text += bracketed ? '[' + url.host + ']' : url.host;
    return text + ':' + std::to_string(url.port) + url.prefix;
}

} // namespace waybill
