// The trace that a request belongs to, as the header `traceparent` of W3C Trace Context names it. A pure
// function, any thread; throws nothing.
#pragma once

#include <string_view>

#include "message.hpp"

namespace waybill::http {

/// The 32 hex digits of the trace's id; empty when the header is absent, there twice, or not of the form that
/// the recommendation asks for: then it counts as absent.
std::string_view trace_id_of(const request& asked) noexcept;

} // namespace waybill::http
