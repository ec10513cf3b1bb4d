// Who may use the host: the credentials file of contract 5, which holds digests only. A book is read once and
// then only looked at, from any thread. What is wrong with the file is a `failure` that names the place.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <waybill/result.hpp>
#include <waybill/timestamp.hpp>

namespace waybill::http {

/// Each includes the ones before it.
enum class role { read, write, admin };

struct credential {
    std::string name;
    std::string token_sha256;   ///< 64 lower-case hex digits
    std::string api_key_sha256; ///< likewise
    std::vector<std::string> orgs;
    std::vector<std::string> sandboxes;
    std::optional<role> highest; ///< of its roles; nothing when it has none
    std::optional<timestamp> expires;

    bool has_org(std::string_view org) const;
    bool has_sandbox(std::string_view sandbox) const;
    bool has_key(std::string_view api_key) const;
    bool allows(role needed) const { return highest && *highest >= needed; }
};

class credential_book {
  public:
    explicit credential_book(std::vector<credential> entries) : entries_(std::move(entries)) {}

    /// Reads the text of a credentials file.
    static result<credential_book> parse(std::string_view text);
    static result<credential_book> load(const std::filesystem::path& file);

    /// The credential of this token that has not expired; nullptr when there is none. Every entry is
    /// compared, each in constant time.
    const credential* find(std::string_view token, timestamp now) const;

  private:
    std::vector<credential> entries_;
};

} // namespace waybill::http
