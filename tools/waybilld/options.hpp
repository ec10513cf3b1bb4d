// The command line of `waybilld`, with what its environment and its configuration file add. Prints help and
// complaints itself, for nothing of the host runs yet.
#pragma once

#include <optional>
#include <string_view>
#include <variant>

#include "host.hpp"
#include "option_sources.hpp"

namespace waybill::http {

/// Exit codes of the tools (contract 5).
enum class exit_code { done = 0, failed = 1, wrong_usage = 2, owned_elsewhere = 4 };

/// The options, or with what to exit at once.
/// Flags come before variables of the environment, and these before the file that `--config` names.
std::variant<host_options, exit_code>
parse_command_line(int argc, const char* const* argv, const environment& variables = process_environment());

/// Reads `SUCCEEDED=90d`: a final status and a whole number of days, hours, minutes or seconds.
std::optional<retention_rule> parse_retention(std::string_view text);

/// Reads `90d`: a whole number of days, hours, minutes or seconds.
std::optional<std::chrono::milliseconds> parse_span(std::string_view text);

/// Splits `HOST:PORT`, with `[…]` around an IPv6 address and `localhost` for 127.0.0.1; false when it is
/// neither.
bool parse_listen(const std::string& text, host_options& into);

} // namespace waybill::http
