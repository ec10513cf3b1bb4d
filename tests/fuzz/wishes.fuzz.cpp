// The headers by which a request wishes for something, a line of the input each: read, and followed.
#include <string>

#include "byte_range.hpp"
#include "fuzz/invariant.hpp"
#include "preferences.hpp"

using namespace waybill::http;
using namespace waybill::fuzz;

namespace {

constexpr std::string_view tag = "\"a1\"";
constexpr std::chrono::seconds longest_wait{60};

/// `name:value` lines; a name of one letter stands for a header that is looked at.
request asked_with(std::string_view lines) {
    request asked;
    asked.method = "GET";
    while (!lines.empty()) {
        const auto line = lines.substr(0, lines.find('\n'));
        lines.remove_prefix(std::min(lines.size(), line.size() + 1));
        const auto colon = line.find(':');
        if (colon == std::string_view::npos) continue;
        const auto name = line.substr(0, colon);
        asked.headers.emplace_back(std::string(name), std::string(line.substr(colon + 1)));
    }
    return asked;
}

/// The same wishes, those of one name in one header.
request joined(const request& asked) {
    request one = asked;
    one.headers.clear();
    for (const auto& [name, value] : asked.headers) {
        bool added = false;
        for (auto& [known, list] : one.headers)
            if (same_token(known, name)) {
                list += "," + value;
                added = true;
            }
        if (!added) one.headers.emplace_back(name, value);
    }
    return one;
}

bool has_quotes(const request& asked) {
    for (const auto& [name, value] : asked.headers)
        if (value.find('"') != std::string::npos) return true;
    return false;
}

void look_at_range(const request& asked, std::int64_t length) {
    using extent = wanted_bytes::extent;
    const auto wanted = wanted_range(asked, length, tag);
    if (wanted.what == extent::whole) return;
    const auto text = content_range(wanted, length);
    expect(text.starts_with("bytes ") && text.ends_with("/" + std::to_string(length)), "a range is told");
    if (wanted.what == extent::nothing) return;
    expect(wanted.first >= 0 && wanted.count > 0, "a part is not empty");
    expect(wanted.first < length && wanted.count <= length - wanted.first, "a part lies within the file");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto asked = asked_with(text_of(data, size));
    if (const auto wait = preferred_wait(asked, longest_wait))
        expect(wait->count() >= 0 && *wait <= longest_wait, "a wait is bounded");
    for (const std::int64_t length : {std::int64_t{0}, std::int64_t{1}, std::int64_t{1'000}, INT64_MAX})
        look_at_range(asked, length);
    const bool gzip = prefers_gzip(asked);
    const bool has = has_already(asked, tag);
    const bool json = accepts_by_name(asked, "application/json");
    const auto minimal = preference(asked, "return");
    expect(has == has_already(asked, "W/" + std::string(tag)), "entity tags are compared weakly");
    for (const auto& [name, value] : asked.headers)
        if (is_media_type(value, "application/json")) expect(value.size() >= 16, "a media type is named");

    // An open quote reaches into the next element of one header, but not into the next header.
    if (has_quotes(asked)) return 0;
    const auto one = joined(asked);
    expect(prefers_gzip(one) == gzip && has_already(one, tag) == has, "lists may be cut into headers");
    expect(accepts_by_name(one, "application/json") == json, "lists may be cut into headers");
    expect(preference(one, "return") == minimal, "lists may be cut into headers");
    return 0;
}
