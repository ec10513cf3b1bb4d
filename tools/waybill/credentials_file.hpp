// The file of credentials that waybilld reads: digests only, never a token or a key. Adding and revoking keep
// what else is there byte for byte in meaning, replace the file at once or not at all, and leave it readable
// for its owner only. Throws `command_failure`.
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

/// What the file tells of a credential.
struct known_credential {
    std::string name;
    std::vector<std::string> orgs;
    std::vector<std::string> sandboxes;
    std::vector<std::string> roles;
    std::string expires;      ///< as the file has it; empty: never
    std::string token_digest; ///< the first 8 digits: enough to tell tokens apart, too few to be of use
};

/// Fails when there is a credential of this name.
void add_credential(const std::filesystem::path& file, const new_credential& added);

/// In the file's order. Not found when there is no such file; fails when it breaks a rule of credentials.
std::vector<known_credential> list_credentials(const std::filesystem::path& file);

/// Takes every credential of this name out, and tells how many others are left. Not found when there is none.
std::size_t revoke_credential(const std::filesystem::path& file, const std::string& name);

/// The prefix and 64 hex digits of the system's randomness.
std::string random_secret(std::string_view prefix);

/// 64 lower-case hex digits.
std::string sha256_of(std::string_view text);

} // namespace waybill::tool
