// SHA-256, constant-time comparison and random ids, from OpenSSL. Pure functions, any thread; they throw
// `std::runtime_error` when the library cannot do its work.
#pragma once

#include <string>
#include <string_view>

namespace waybill::http {

/// 64 lower-case hex digits.
std::string sha256_hex(std::string_view bytes);

/// In a time that depends on the lengths alone.
bool same_secret(std::string_view one, std::string_view other) noexcept;

/// 32 random lower-case hex digits.
std::string random_id();

} // namespace waybill::http
