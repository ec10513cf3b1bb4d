-- Which create a client asked for under which key. A row outlives its job, so that the key does not make another.
create table idempotency_keys (
    tenant_id integer not null references tenants (id),
    idempotency_key text not null check (length(idempotency_key) between 1 and 255),
    fingerprint text not null,
    job_id integer not null,
    created_at integer not null,
    primary key (tenant_id, idempotency_key)
) strict, without rowid;

-- What is old enough to be forgotten.
create index idempotency_keys_by_age on idempotency_keys (created_at);
