// The parameters of a listing (contract 1.2). A pure function, any thread; all findings at once.
#pragma once

#include <string_view>

#include <waybill/json.hpp>
#include <waybill/result.hpp>

namespace waybill::http {

/// Reads `limit`, `offset` and `status`; refuses the filters that the contract names and this version does
/// not have; ignores everything else. Without a limit `query.limit` stays at its default and `has_limit` is
/// false.
result<list_request> parse_list_query(std::string_view query);

} // namespace waybill::http
