-- Fewer trees to write for each job. Ids are handed out in the order of creation times, so a range of ids is a
-- range of positions in the listing's order, and an index needs neither the time nor the id beside its columns:
-- SQLite keeps the id in every index anyway.

drop index export_jobs_by_creation;
drop index export_jobs_by_status;
drop index export_jobs_waiting;
drop index export_jobs_held;

-- Listing a tenant's jobs, newest first.
create index export_jobs_by_tenant on export_jobs (tenant_id);
-- The same of one status; and what waits for its turn, oldest first, apart from what waits for a backoff to end.
create index export_jobs_by_status on export_jobs (tenant_id, status, held);

drop trigger export_jobs_past_commit_point;
drop trigger export_jobs_never_unsettle;

create trigger export_jobs_past_commit_point before update of status on export_jobs
when old.publishing = 1 and new.status <> 'PROCESSING' and new.status <> 'SUCCEEDED' and new.status <> 'FAILED'
begin
    select raise(abort, 'waybill: a job past its commit point goes nowhere but to SUCCEEDED or FAILED');
end;

create trigger export_jobs_never_unsettle before update on export_jobs
when old.status = 'SUCCEEDED' or old.status = 'FAILED' or old.status = 'CANCELLED'
begin
    select raise(abort, 'waybill: nothing changes in a final job');
end;

create trigger export_jobs_in_time_order before insert on export_jobs
when (
    select id >= new.id or creation_time > new.creation_time
    from export_jobs not indexed
    order by id desc
    limit 1)
begin
    select raise(abort, 'waybill: a job comes after every other, in id and in creation time');
end;

-- That a status is there once, the reader of requests sees to; twice would select the same profiles. `or` instead of
-- `in`: for a list of three or more SQLite builds a table in memory each time, which costs more than the row.
create table lean_segment_filter_statuses (
    job_id integer not null,
    position integer not null,
    status_position integer not null check (status_position between 0 and 2),
    status text not null check (status = 'realized' or status = 'existing' or status = 'exited'),
    primary key (job_id, position, status_position),
    foreign key (job_id, position) references segment_filters (job_id, position) on delete cascade
) strict, without rowid;

insert into lean_segment_filter_statuses (job_id, position, status_position, status)
select job_id, position, status_position, status
from segment_filter_statuses;

drop table segment_filter_statuses;
alter table lean_segment_filter_statuses rename to segment_filter_statuses;

-- A batch id is 16 hex digits of the store, 12 of the job and 4 of the position: so the primary key makes it unique,
-- and the job of a batch is found without another index.
create table lean_export_batches (
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

insert into lean_export_batches (job_id, position, batch_id, segment_position, row_count, byte_count)
select job_id, position, batch_id, segment_position, row_count, byte_count
from export_batches;

drop table export_batches;
alter table lean_export_batches rename to export_batches;
