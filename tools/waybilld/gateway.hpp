// The doorkeeper: which tenant a request speaks for, and whether it may (contract 1.1). The checks come in
// the contract's order: token, key, org, sandbox, role. Only looked at after construction, from any thread.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <variant>

#include <waybill/tenant.hpp>
#include <waybill/timestamp.hpp>

#include "credentials.hpp"
#include "message.hpp"

namespace waybill::http {

/// Who has been let in.
struct visitor {
    tenant owner;
    std::string name; ///< the credential's; `insecure-dev` where none is needed
};

class gateway {
  public:
    /// Any non-empty token, key and org will do, with every role; for loopback addresses only.
    static gateway insecure() { return gateway(std::nullopt, wall_clock); }
    explicit gateway(credential_book book, std::function<timestamp()> now = wall_clock)
        : gateway(std::optional(std::move(book)), std::move(now)) {}

    /// The visitor, or the refusal.
    std::variant<visitor, response> admit(const request& asked, role needed,
                                          std::string_view request_id) const;

  private:
    gateway(std::optional<credential_book> book, std::function<timestamp()> now)
        : book_(std::move(book)), now_(std::move(now)) {}

    std::optional<credential_book> book_;
    std::function<timestamp()> now_;
};

/// The token of `Authorization: Bearer …`; empty when there is none.
std::string_view bearer_token(const request& asked);

/// What a tenant's name may be on the wire: 1 to 80 bytes of UTF-8 without control characters.
bool is_tenant_name(std::string_view text);

} // namespace waybill::http
