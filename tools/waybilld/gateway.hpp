// The doorkeeper: which tenant a request speaks for, and whether it may (contract 1.1). The checks come in
// the contract's order: token, key, org, sandbox, role. Any thread; the credentials may be replaced while
// requests are looked at, each of which is held to the ones that it finds at its beginning.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <variant>

#include <waybill/tenant.hpp>
#include <waybill/timestamp.hpp>

#include "credentials.hpp"
#include "failed_logins.hpp"
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
    static gateway insecure(failed_login_options failures = {});
    explicit gateway(credential_book book, std::function<timestamp()> now = wall_clock,
                     failed_login_options failures = {});

    /// The visitor, or the refusal.
    std::variant<visitor, response> admit(const request& asked, role needed,
                                          std::string_view request_id) const;

    /// Holds from the next request on. Nothing for a gateway that asks for no credentials.
    void replace(credential_book book);

    login_failure_counts failed_logins() const { return inside_->failures.counts(); }

  private:
    /// Behind a pointer, so that a gateway can be handed over before it is used.
    struct state {
        std::mutex guard;
        std::shared_ptr<const credential_book> book; ///< nothing: any credential will do
        std::function<timestamp()> now;
        http::failed_logins failures;
    };

    gateway(std::shared_ptr<const credential_book> book, std::function<timestamp()> now,
            failed_login_options failures);

    std::shared_ptr<const credential_book> book() const;
    response failed(login_failure why, const request& asked, std::string_view request_id) const;

    std::unique_ptr<state> inside_;
};

/// The token of `Authorization: Bearer …`; empty when there is none.
std::string_view bearer_token(const request& asked);

/// What a tenant's name may be on the wire: 1 to 80 bytes of UTF-8 without control characters.
bool is_tenant_name(std::string_view text);

} // namespace waybill::http
