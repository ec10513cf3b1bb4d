// What a request would like: `Accept`, `Accept-Encoding`, `Prefer`, `If-None-Match`. Pure functions, any
// thread; what cannot be read counts as not said.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "message.hpp"

namespace waybill::http {

/// Whether one of the `Accept` headers names this media type itself, not by a wildcard, and not with `q=0`.
bool accepts_by_name(const request& asked, std::string_view media_type);

/// The value of this preference in the `Prefer` headers, empty when it has none, without the quotes it may
/// have. Of several of one name the first counts (RFC 7240).
std::optional<std::string> preference(const request& asked, std::string_view name);

/// What `Prefer: wait=N` asks for, `most` when that is less.
std::optional<std::chrono::seconds> preferred_wait(const request& asked, std::chrono::seconds most);

/// Whether one of the `Accept-Encoding` headers takes gzip, and not rather the plain text.
bool prefers_gzip(const request& asked);

/// Whether `If-None-Match` names this entity tag (with its quotes), compared weakly, or is `*`.
bool has_already(const request& asked, std::string_view entity_tag);

/// Whether the value of a `Content-Type` is this media type, with whatever parameters.
bool is_media_type(std::string_view content_type, std::string_view media_type);

} // namespace waybill::http
