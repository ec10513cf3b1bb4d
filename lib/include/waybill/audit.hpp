// Who created, cancelled, retried or removed which export job: what a `job_store` notes in the transaction of
// the change itself, when `upkeep_options::keep_audit` asks for it, and what a `job_reader` tells to those
// who look after a store, never to a tenant's client. Plain values: every thread may use its own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <waybill/export_job.hpp>

namespace waybill {

/// Whoever asks a store for a change, as the audit shall name them.
struct caller {
    std::string name{};       ///< such as a credential's; empty: the verb's own actor, `client` unless given
    std::string request_id{}; ///< empty: the job's
};

enum class audit_action {
    create, ///< also of the job that a retry makes
    cancel, ///< that changed something: a repetition has no entry
    retry,  ///< of the ended job; the one made for it has a `create` with the same request id
    remove, ///< by a client; what retention removes has no entry
};

std::string_view to_text(audit_action action);

struct audit_entry {
    std::int64_t id = 0; ///< grows over a store
    timestamp at;
    std::string actor{};
    tenant owner{};
    audit_action action = audit_action::create;
    job_id job = 0; ///< may be gone
    std::string request_id{};
};

/// All filters hold together.
struct audit_query {
    std::optional<tenant> owner{};
    std::optional<job_id> job{};
    std::optional<std::int64_t> before{}; ///< only entries with smaller ids: the last one of the page before
    std::size_t limit = 100;
};

} // namespace waybill
