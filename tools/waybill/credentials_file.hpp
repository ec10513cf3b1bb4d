// The file of credentials that waybilld reads: digests only, never a token or a key. Adding keeps what is
// there byte for byte in meaning, replaces the file at once or not at all, and leaves it readable for its
// owner only. Throws `command_failure`.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace waybill::tool {

struct new_credential {
    std::string name;
    std::vector<std::string> orgs;
    std::vector<std::string> sandboxes;
    std::vector<std::string> roles;
    std::string expires; ///< RFC 3339; empty: never
    std::string token;
    std::string api_key;
};

/// Fails when there is a credential of this name.
void add_credential(const std::filesystem::path& file, const new_credential& added);

/// The prefix and 64 hex digits of the system's randomness.
std::string random_secret(std::string_view prefix);

/// 64 lower-case hex digits.
std::string sha256_of(std::string_view text);

} // namespace waybill::tool
