// What a request would like: `Accept`, `Prefer`, `If-None-Match`. Pure functions, any thread; what cannot be
// read counts as not said.
#pragma once

#include <string_view>

#include "message.hpp"

namespace waybill::http {

/// Whether one of the `Accept` headers names this media type itself, not by a wildcard, and not with `q=0`.
bool accepts_by_name(const request& asked, std::string_view media_type);

/// Whether one of the `Prefer` headers has this preference, e.g. `return=representation`.
bool prefers(const request& asked, std::string_view preference);

/// Whether `If-None-Match` names this entity tag (with its quotes), compared weakly, or is `*`.
bool has_already(const request& asked, std::string_view entity_tag);

/// Whether the value of a `Content-Type` is this media type, with whatever parameters.
bool is_media_type(std::string_view content_type, std::string_view media_type);

} // namespace waybill::http
