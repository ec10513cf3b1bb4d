-- How many jobs a tenant has in each status, kept by the same transaction that changes it: counting a million rows
-- takes too long to do it whenever somebody looks. Every tenant has a row for every status.
create table job_counts (
    tenant_id integer not null references tenants (id),
    status text not null references job_statuses (status),
    jobs integer not null check (jobs >= 0),
    primary key (tenant_id, status)
) strict, without rowid;

insert into job_counts (tenant_id, status, jobs)
select t.id, s.status, (select count(*) from export_jobs j where j.tenant_id = t.id and j.status = s.status)
from tenants t
cross join job_statuses s;

create trigger tenants_count_from_nothing after insert on tenants
begin
    insert into job_counts (tenant_id, status, jobs)
    select new.id, status, 0
    from job_statuses;
end;

create trigger export_jobs_count_new after insert on export_jobs
begin
    update job_counts
    set jobs = jobs + 1
    where tenant_id = new.tenant_id
        and status = new.status;
end;

create trigger export_jobs_count_move after update of status on export_jobs
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

create trigger export_jobs_count_gone after delete on export_jobs
begin
    update job_counts
    set jobs = jobs - 1
    where tenant_id = old.tenant_id
        and status = old.status;
end;
