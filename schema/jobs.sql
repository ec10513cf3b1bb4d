CREATE TABLE schema_migrations (
    version integer primary key,
    name text not null,
    sha256 text not null check (length(sha256) = 64),
    applied_at integer not null
) strict;

CREATE TABLE store_state (
    only integer primary key check (only = 1),
    store_id text not null check (length(store_id) = 16),
    epoch integer not null default 0 check (epoch >= 0),
    last_job_id integer not null default 0 check (last_job_id >= 0),
    last_creation_time integer not null default 0,
    last_commit_sequence integer not null default 0,
    last_transition integer not null default 0
) strict;

CREATE TABLE tenants (
    id integer primary key,
    org text not null check (length(cast(org as blob)) between 1 and 80),
    sandbox text not null check (length(cast(sandbox as blob)) between 1 and 80),
    last_turn integer not null default 0,
    unique (org, sandbox)
) strict;

CREATE TABLE job_statuses (
    status text primary key,
    final integer not null check (final in (0, 1))
) strict, without rowid;

CREATE TABLE job_status_moves (
    from_status text not null references job_statuses (status),
    to_status text not null references job_statuses (status),
    primary key (from_status, to_status)
) strict, without rowid;

CREATE TABLE export_jobs (
    id integer primary key check (id > 0),
    tenant_id integer not null references tenants (id),
    status text not null default 'NEW' references job_statuses (status),
    creation_time integer not null,
    update_time integer not null,

    request_id text not null,
    profile_instance_id text not null,
    schema_name text not null,
    fields text,
    merge_policy_id text not null,
    merge_policy_version integer,
    dataset_id text not null check (length(dataset_id) between 1 and 64 and dataset_id not glob '*[^A-Za-z0-9_-]*'),
    segment_per_batch integer not null check (segment_per_batch in (0, 1)),
    evaluate_segments integer check (evaluate_segments in (0, 1)),
    has_filter integer not null check (has_filter in (0, 1)),
    has_qualification_time integer not null check (has_qualification_time in (0, 1)),
    qualification_start_time text,
    qualification_end_time text,
    from_ingest_timestamp text,
    empty_profiles integer check (empty_profiles in (0, 1)),

    attempt integer not null default 0 check (attempt >= 0),
    attempts_used integer not null default 0 check (attempts_used between 0 and attempt),
    held integer not null default 0 check (held in (0, 1)),
    epoch integer,
    staging_epoch integer,
    publishing integer not null default 0 check (publishing in (0, 1)),
    commit_sequence integer,
    engine_job_id text not null default '',
    exported integer,
    candidates integer,
    profile_export_start integer,
    profile_export_end integer,
    dataset_write_start integer,
    dataset_write_end integer, attempts_allowed integer check (attempts_allowed > 0), attempt_deadline integer check (attempt_deadline > 0), looked_at integer not null default 0 check (looked_at >= 0),

    check (has_filter = 1 or (from_ingest_timestamp is null and empty_profiles is null and has_qualification_time = 0)),
    check (has_qualification_time = 1 or (qualification_start_time is null and qualification_end_time is null)),
    check (update_time >= creation_time),
    -- An attempt under way has an owner and a staging key; nothing else has.
    check ((status in ('PROCESSING', 'CANCELLING')) = (epoch is not null)),
    check ((epoch is null) = (staging_epoch is null)),
    check (held = 0 or status = 'NEW'),
    check (publishing = 0 or (status = 'PROCESSING' and commit_sequence is not null))
) strict;

CREATE TABLE segment_filters (
    job_id integer not null references export_jobs (id) on delete cascade,
    position integer not null check (position >= 0),
    -- In bytes, for length() of a text ends at a NUL; the limit in characters is kept in C++.
    segment_id text not null check (length(cast(segment_id as blob)) between 1 and 1024),
    segment_ns text not null,
    primary key (job_id, position)
) strict, without rowid;

CREATE TABLE event_lists (
    job_id integer primary key references export_jobs (id) on delete cascade,
    fields text,
    has_filter integer not null check (has_filter in (0, 1)),
    from_ingest_timestamp text,
    to_ingest_timestamp text,
    check (has_filter = 1 or (from_ingest_timestamp is null and to_ingest_timestamp is null))
) strict;

CREATE TABLE job_errors (
    job_id integer not null references export_jobs (id) on delete cascade,
    position integer not null check (position >= 0),
    code text not null,
    msg text not null,
    call_stack text not null,
    primary key (job_id, position)
) strict, without rowid;

CREATE TABLE namespace_counters (
    job_id integer not null references export_jobs (id) on delete cascade,
    namespace text not null,
    profiles integer not null check (profiles >= 0),
    primary key (job_id, namespace)
) strict, without rowid;

CREATE TABLE job_transitions (
    sequence integer primary key,
    job_id integer not null references export_jobs (id) on delete cascade,
    from_status text references job_statuses (status),
    to_status text not null references job_statuses (status),
    at integer not null,
    attempt integer not null,
    epoch integer not null,
    actor text not null,
    reason text not null
) strict;

CREATE TABLE "segment_filter_statuses" (
    job_id integer not null,
    position integer not null,
    status_position integer not null check (status_position between 0 and 2),
    status text not null check (status = 'realized' or status = 'existing' or status = 'exited'),
    primary key (job_id, position, status_position),
    foreign key (job_id, position) references segment_filters (job_id, position) on delete cascade
) strict, without rowid;

CREATE TABLE "export_batches" (
    job_id integer not null references export_jobs (id) on delete cascade,
    position integer not null check (position between 0 and 65535),
    batch_id text not null check (
        length(batch_id) = 32
        and substr(batch_id, 17) = printf('%012x%04x', job_id, position)),
    segment_position integer,
    row_count integer check (row_count >= 0),
    byte_count integer check (byte_count >= 0),
    primary key (job_id, position),
    foreign key (job_id, segment_position) references segment_filters (job_id, position)
) strict, without rowid;

CREATE TABLE idempotency_keys (
    tenant_id integer not null references tenants (id),
    idempotency_key text not null check (length(idempotency_key) between 1 and 255),
    fingerprint text not null,
    job_id integer not null,
    created_at integer not null,
    primary key (tenant_id, idempotency_key)
) strict, without rowid;

CREATE TABLE job_counts (
    tenant_id integer not null references tenants (id),
    status text not null references job_statuses (status),
    jobs integer not null check (jobs >= 0),
    primary key (tenant_id, status)
) strict, without rowid;

CREATE TABLE job_retries (
    job_id integer not null references export_jobs (id) on delete cascade,
    retry_of integer not null check (retry_of < job_id)
) strict;

CREATE TABLE audit_entries (
    id integer primary key,
    at integer not null,
    actor text not null check (actor <> ''),
    tenant_id integer not null references tenants (id),
    action text not null check (action = 'create' or action = 'cancel' or action = 'retry' or action = 'remove'),
    job_id integer not null check (job_id > 0),
    request_id text not null
) strict;

CREATE TABLE dataset_settings (
    tenant_id integer not null references tenants (id),
    dataset_id text not null check (length(dataset_id) between 1 and 64 and dataset_id not glob '*[^A-Za-z0-9_-]*'),
    format text not null check (format = 'ndjson' or format = 'csv'),
    compression text not null check (compression = 'none' or compression = 'gzip' or compression = 'zstd'),
    primary key (tenant_id, dataset_id)
) strict, without rowid;

CREATE INDEX export_jobs_at_work on export_jobs (tenant_id, dataset_id) where status in ('PROCESSING', 'CANCELLING');

CREATE UNIQUE INDEX export_jobs_publishing on export_jobs (tenant_id, dataset_id) where publishing = 1;

CREATE INDEX job_transitions_by_job on job_transitions (job_id, sequence);

CREATE INDEX export_jobs_by_tenant on export_jobs (tenant_id);

CREATE INDEX export_jobs_by_status on export_jobs (tenant_id, status, held);

CREATE INDEX idempotency_keys_by_age on idempotency_keys (created_at);

CREATE INDEX export_jobs_by_dataset on export_jobs (id >> 10, tenant_id, dataset_id);

CREATE INDEX segment_filters_by_segment on segment_filters (job_id >> 10, segment_id);

CREATE UNIQUE INDEX job_retries_by_job on job_retries (job_id);

CREATE UNIQUE INDEX job_retries_by_ended on job_retries (retry_of);

CREATE INDEX audit_entries_by_tenant on audit_entries (tenant_id);

CREATE INDEX audit_entries_by_job on audit_entries (job_id);

CREATE TRIGGER export_jobs_begin_new before insert on export_jobs
when new.status <> 'NEW'
begin
    select raise(abort, 'waybill: a job begins as NEW');
end;

CREATE TRIGGER export_jobs_move_by_the_table before update of status on export_jobs
when new.status <> old.status
    and not exists (select 1 from job_status_moves where from_status = old.status and to_status = new.status)
begin
    select raise(abort, 'waybill: this move is not in the table of moves');
end;

CREATE TRIGGER export_jobs_succeed_when_published before update of status on export_jobs
when new.status = 'SUCCEEDED' and old.status <> 'SUCCEEDED' and old.publishing = 0
begin
    select raise(abort, 'waybill: only a job past its commit point succeeds');
end;

CREATE TRIGGER export_jobs_keep_the_mark before update of publishing on export_jobs
when old.publishing = 1 and new.publishing = 0 and new.status not in ('SUCCEEDED', 'FAILED')
begin
    select raise(abort, 'waybill: the mark of the commit point is not taken back');
end;

CREATE TRIGGER export_jobs_keep_unfinished before delete on export_jobs
when old.status not in ('SUCCEEDED', 'FAILED', 'CANCELLED')
begin
    select raise(abort, 'waybill: an unfinished job is not removed');
end;

CREATE TRIGGER export_jobs_past_commit_point before update of status on export_jobs
when old.publishing = 1 and new.status <> 'PROCESSING' and new.status <> 'SUCCEEDED' and new.status <> 'FAILED'
begin
    select raise(abort, 'waybill: a job past its commit point goes nowhere but to SUCCEEDED or FAILED');
end;

CREATE TRIGGER export_jobs_never_unsettle before update on export_jobs
when old.status = 'SUCCEEDED' or old.status = 'FAILED' or old.status = 'CANCELLED'
begin
    select raise(abort, 'waybill: nothing changes in a final job');
end;

CREATE TRIGGER export_jobs_in_time_order before insert on export_jobs
when (
    select id >= new.id or creation_time > new.creation_time
    from export_jobs not indexed
    order by id desc
    limit 1)
begin
    select raise(abort, 'waybill: a job comes after every other, in id and in creation time');
end;

CREATE TRIGGER tenants_count_from_nothing after insert on tenants
begin
    insert into job_counts (tenant_id, status, jobs)
    select new.id, status, 0
    from job_statuses;
end;

CREATE TRIGGER export_jobs_count_new after insert on export_jobs
begin
    update job_counts
    set jobs = jobs + 1
    where tenant_id = new.tenant_id
        and status = new.status;
end;

CREATE TRIGGER export_jobs_count_move after update of status on export_jobs
when new.status <> old.status
begin
    update job_counts
    set jobs = jobs - 1
    where tenant_id = old.tenant_id
        and status = old.status;
    update job_counts
    set jobs = jobs + 1
    where tenant_id = new.tenant_id
        and status = new.status;
end;

CREATE TRIGGER export_jobs_count_gone after delete on export_jobs
begin
    update job_counts
    set jobs = jobs - 1
    where tenant_id = old.tenant_id
        and status = old.status;
end;
