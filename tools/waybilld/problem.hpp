// The bodies of answers that refuse something: contract 1.4, and the gateway's own shape of 1.1. Plain
// functions, any thread; nothing of the inside, and nothing that a caller sent, is repeated in them but
// positions, and the words of an expression that cannot be read.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <waybill/result.hpp>

#include "message.hpp"

namespace waybill::http {

/// `{"type","title","status","requestId","errors":{"<status>":[…]}}`
response problem(unsigned status, std::string_view request_id, std::vector<finding> findings);
/// The same with one finding whose code follows from the status.
response problem(unsigned status, std::string_view request_id, std::string message);
/// What a failure of the library becomes.
response problem(const failure& why, std::string_view request_id);

/// `{"error_code","message"}`
response gateway_error(unsigned status, std::string_view code, std::string_view message);

/// The same answer with a `Retry-After`.
response try_again(response answer, std::string seconds);

/// 200 with `application/json`.
response json_answer(std::string body);

} // namespace waybill::http
