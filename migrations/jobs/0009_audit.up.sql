-- Who created, cancelled, tried again or removed which job. An entry outlives its job, so it names the job without
-- referring to it.
create table audit_entries (
    id integer primary key,
    at integer not null,
    actor text not null check (actor <> ''),
    tenant_id integer not null references tenants (id),
    action text not null check (action = 'create' or action = 'cancel' or action = 'retry' or action = 'remove'),
    job_id integer not null check (job_id > 0),
    request_id text not null
) strict;
create index audit_entries_by_tenant on audit_entries (tenant_id);
create index audit_entries_by_job on audit_entries (job_id);
