// The handler of `/openapi.json`, and the description of the wire that it serves. Any thread; throws nothing
// but for memory.
#pragma once

#include <string_view>

#include "application.hpp"

namespace waybill::http {

/// schema/openapi.json, as it was when this was built.
std::string_view openapi_json() noexcept;

boost::asio::awaitable<response> show_description(services& with, const call& made);

} // namespace waybill::http
