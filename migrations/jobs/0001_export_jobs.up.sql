-- Export jobs: what was asked for, and what has become of it.
-- Times are milliseconds since 1970-01-01T00:00:00Z; times that a client sent are kept as the text that was sent.

create table schema_migrations (
    version integer primary key,
    name text not null,
    sha256 text not null check (length(sha256) = 64),
    applied_at integer not null
) strict;

-- One row: what only ever grows.
create table store_state (
    only integer primary key check (only = 1),
    store_id text not null check (length(store_id) = 16),
    epoch integer not null default 0 check (epoch >= 0),
    last_job_id integer not null default 0 check (last_job_id >= 0),
    last_creation_time integer not null default 0,
    last_commit_sequence integer not null default 0,
    last_transition integer not null default 0
) strict;

create table tenants (
    id integer primary key,
    org text not null check (length(cast(org as blob)) between 1 and 80),
    sandbox text not null check (length(cast(sandbox as blob)) between 1 and 80),
    last_turn integer not null default 0,
    unique (org, sandbox)
) strict;

create table job_statuses (
    status text primary key,
    final integer not null check (final in (0, 1))
) strict, without rowid;

insert into job_statuses (status, final) values
    ('NEW', 0),
    ('PROCESSING', 0),
    ('CANCELLING', 0),
    ('SUCCEEDED', 1),
    ('FAILED', 1),
    ('CANCELLED', 1);

-- Every move that there is; the same table stands in waybill/job_status.hpp.
create table job_status_moves (
    from_status text not null references job_statuses (status),
    to_status text not null references job_statuses (status),
    primary key (from_status, to_status)
) strict, without rowid;

insert into job_status_moves (from_status, to_status) values
    ('NEW', 'PROCESSING'),
    ('NEW', 'CANCELLED'),
    ('NEW', 'FAILED'),
    ('PROCESSING', 'SUCCEEDED'),
    ('PROCESSING', 'FAILED'),
    ('PROCESSING', 'NEW'),
    ('PROCESSING', 'CANCELLING'),
    ('CANCELLING', 'CANCELLED');

-- The id comes from the store, never from SQLite: it is reserved in the lock file, so that no restore hands it out
-- again.
create table export_jobs (
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
    dataset_write_end integer,

    check (has_filter = 1 or (from_ingest_timestamp is null and empty_profiles is null and has_qualification_time = 0)),
    check (has_qualification_time = 1 or (qualification_start_time is null and qualification_end_time is null)),
    check (update_time >= creation_time),
    -- An attempt under way has an owner and a staging key; nothing else has.
    check ((status in ('PROCESSING', 'CANCELLING')) = (epoch is not null)),
    check ((epoch is null) = (staging_epoch is null)),
    check (held = 0 or status = 'NEW'),
    check (publishing = 0 or (status = 'PROCESSING' and commit_sequence is not null))
) strict;

-- Listing a tenant's jobs, newest first, all or of one status.
create index export_jobs_by_creation on export_jobs (tenant_id, creation_time, id);
create index export_jobs_by_status on export_jobs (tenant_id, status, creation_time, id);
-- What waits for its turn, oldest first.
create index export_jobs_waiting on export_jobs (tenant_id, id) where status = 'NEW' and held = 0;
-- What waits for a backoff to end.
create index export_jobs_held on export_jobs (id) where held = 1;
-- Which datasets are being worked on.
create index export_jobs_at_work on export_jobs (tenant_id, dataset_id) where status in ('PROCESSING', 'CANCELLING');
-- One publishing job a dataset: others wait at the commit point.
create unique index export_jobs_publishing on export_jobs (tenant_id, dataset_id) where publishing = 1;

create table segment_filters (
    job_id integer not null references export_jobs (id) on delete cascade,
    position integer not null check (position >= 0),
    -- In bytes, for length() of a text ends at a NUL; the limit in characters is kept in C++.
    segment_id text not null check (length(cast(segment_id as blob)) between 1 and 1024),
    segment_ns text not null,
    primary key (job_id, position)
) strict, without rowid;

create table segment_filter_statuses (
    job_id integer not null,
    position integer not null,
    status_position integer not null check (status_position between 0 and 2),
    status text not null check (status in ('realized', 'existing', 'exited')),
    primary key (job_id, position, status_position),
    unique (job_id, position, status),
    foreign key (job_id, position) references segment_filters (job_id, position) on delete cascade
) strict, without rowid;

create table event_lists (
    job_id integer primary key references export_jobs (id) on delete cascade,
    fields text,
    has_filter integer not null check (has_filter in (0, 1)),
    from_ingest_timestamp text,
    to_ingest_timestamp text,
    check (has_filter = 1 or (from_ingest_timestamp is null and to_ingest_timestamp is null))
) strict;

-- One batch a job, or one a segment filter. A batch id holds the store's id and the job's, so it grows with creation.
create table export_batches (
    job_id integer not null references export_jobs (id) on delete cascade,
    position integer not null check (position >= 0),
    batch_id text not null unique check (length(batch_id) = 32 and batch_id not glob '*[^0-9a-f]*'),
    segment_position integer,
    row_count integer check (row_count >= 0),
    byte_count integer check (byte_count >= 0),
    primary key (job_id, position),
    foreign key (job_id, segment_position) references segment_filters (job_id, position)
) strict, without rowid;

create table job_errors (
    job_id integer not null references export_jobs (id) on delete cascade,
    position integer not null check (position >= 0),
    code text not null,
    msg text not null,
    call_stack text not null,
    primary key (job_id, position)
) strict, without rowid;

create table namespace_counters (
    job_id integer not null references export_jobs (id) on delete cascade,
    namespace text not null,
    profiles integer not null check (profiles >= 0),
    primary key (job_id, namespace)
) strict, without rowid;

-- Every creation and every move, in the order in which they became durable.
create table job_transitions (
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

create index job_transitions_by_job on job_transitions (job_id, sequence);

create trigger export_jobs_begin_new before insert on export_jobs
when new.status <> 'NEW'
begin
    select raise(abort, 'waybill: a job begins as NEW');
end;

create trigger export_jobs_move_by_the_table before update of status on export_jobs
when new.status <> old.status
    and not exists (select 1 from job_status_moves where from_status = old.status and to_status = new.status)
begin
    select raise(abort, 'waybill: this move is not in the table of moves');
end;

create trigger export_jobs_succeed_when_published before update of status on export_jobs
when new.status = 'SUCCEEDED' and old.status <> 'SUCCEEDED' and old.publishing = 0
begin
    select raise(abort, 'waybill: only a job past its commit point succeeds');
end;

create trigger export_jobs_past_commit_point before update of status on export_jobs
when old.publishing = 1 and new.status not in ('PROCESSING', 'SUCCEEDED', 'FAILED')
begin
    select raise(abort, 'waybill: a job past its commit point goes nowhere but to SUCCEEDED or FAILED');
end;

create trigger export_jobs_keep_the_mark before update of publishing on export_jobs
when old.publishing = 1 and new.publishing = 0 and new.status not in ('SUCCEEDED', 'FAILED')
begin
    select raise(abort, 'waybill: the mark of the commit point is not taken back');
end;

create trigger export_jobs_never_unsettle before update on export_jobs
when old.status in ('SUCCEEDED', 'FAILED', 'CANCELLED')
begin
    select raise(abort, 'waybill: nothing changes in a final job');
end;

create trigger export_jobs_keep_unfinished before delete on export_jobs
when old.status not in ('SUCCEEDED', 'FAILED', 'CANCELLED')
begin
    select raise(abort, 'waybill: an unfinished job is not removed');
end;
