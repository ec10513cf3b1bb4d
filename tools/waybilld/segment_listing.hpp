// The parameters of a listing of segment definitions. A pure function, any thread; all findings at once.
#pragma once

#include <string_view>

#include <waybill/result.hpp>
#include <waybill/segment_definition.hpp>

namespace waybill::http {

/// Reads `limit`, `page` (from 0), `start`, `sort` and `evaluationInfo.….enabled`; ignores everything else.
result<segment_query> parse_segment_query(std::string_view query);

} // namespace waybill::http
