create table unique_export_batches (
    job_id integer not null references export_jobs (id) on delete cascade,
    position integer not null check (position >= 0),
    batch_id text not null unique check (length(batch_id) = 32 and batch_id not glob '*[^0-9a-f]*'),
    segment_position integer,
    row_count integer check (row_count >= 0),
    byte_count integer check (byte_count >= 0),
    primary key (job_id, position),
    foreign key (job_id, segment_position) references segment_filters (job_id, position)
) strict, without rowid;

insert into unique_export_batches (job_id, position, batch_id, segment_position, row_count, byte_count)
select job_id, position, batch_id, segment_position, row_count, byte_count
from export_batches;

drop table export_batches;
alter table unique_export_batches rename to export_batches;

create table unique_segment_filter_statuses (
    job_id integer not null,
    position integer not null,
    status_position integer not null check (status_position between 0 and 2),
    status text not null check (status in ('realized', 'existing', 'exited')),
    primary key (job_id, position, status_position),
    unique (job_id, position, status),
    foreign key (job_id, position) references segment_filters (job_id, position) on delete cascade
) strict, without rowid;

insert into unique_segment_filter_statuses (job_id, position, status_position, status)
select job_id, position, status_position, status
from segment_filter_statuses;

drop table segment_filter_statuses;
alter table unique_segment_filter_statuses rename to segment_filter_statuses;

drop trigger export_jobs_in_time_order;
drop trigger export_jobs_never_unsettle;
drop trigger export_jobs_past_commit_point;

create trigger export_jobs_past_commit_point before update of status on export_jobs
when old.publishing = 1 and new.status not in ('PROCESSING', 'SUCCEEDED', 'FAILED')
begin
    select raise(abort, 'waybill: a job past its commit point goes nowhere but to SUCCEEDED or FAILED');
end;

create trigger export_jobs_never_unsettle before update on export_jobs
when old.status in ('SUCCEEDED', 'FAILED', 'CANCELLED')
begin
    select raise(abort, 'waybill: nothing changes in a final job');
end;

drop index export_jobs_by_status;
drop index export_jobs_by_tenant;

create index export_jobs_by_creation on export_jobs (tenant_id, creation_time, id);
create index export_jobs_by_status on export_jobs (tenant_id, status, creation_time, id);
create index export_jobs_waiting on export_jobs (tenant_id, id) where status = 'NEW' and held = 0;
create index export_jobs_held on export_jobs (id) where held = 1;
