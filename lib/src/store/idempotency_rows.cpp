#include "store/idempotency_rows.hpp"

namespace waybill::store {
namespace {

constexpr const char* find_key = R"(
select fingerprint, job_id
from idempotency_keys
where tenant_id = :tenant_id
    and idempotency_key = :key
    and created_at > :since)";

constexpr const char* note_key = R"(
insert into idempotency_keys (tenant_id, idempotency_key, fingerprint, job_id, created_at)
values (:tenant_id, :key, :fingerprint, :job_id, :now)
on conflict (tenant_id, idempotency_key) do update
set fingerprint = excluded.fingerprint, job_id = excluded.job_id, created_at = excluded.created_at)";

constexpr const char* forget_keys = R"(
delete from idempotency_keys
where (tenant_id, idempotency_key) in (
    select tenant_id, idempotency_key
    from idempotency_keys
    where created_at <= :before
    order by created_at
    limit :limit))";

} // namespace

std::optional<idempotency_rows::entry> idempotency_rows::find(std::int64_t tenant_id, std::string_view key,
                                                              timestamp since) {
    auto row = on_.prepare(find_key);
    row.bind(":tenant_id", tenant_id).bind(":key", key).bind(":since", since.time_since_epoch().count());
    if (!row.step()) return std::nullopt;
    return entry{row.text(0), row.integer(1)};
}

void idempotency_rows::note(std::int64_t tenant_id, const idempotency_key& once, job_id job, timestamp now) {
    on_.prepare(note_key)
        .bind(":tenant_id", tenant_id)
        .bind(":key", once.key)
        .bind(":fingerprint", once.fingerprint)
        .bind(":job_id", job)
        .bind(":now", now.time_since_epoch().count())
        .run();
}

std::int64_t idempotency_rows::forget(timestamp before, std::int64_t most) {
    return on_.prepare(forget_keys)
        .bind(":before", before.time_since_epoch().count())
        .bind(":limit", most)
        .run();
}

} // namespace waybill::store
