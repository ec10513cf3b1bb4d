-- How many jobs a tenant has in each status, kept by the same transaction that changes it: counting a million rows
-- takes too long to do it whenever somebody looks.
create table job_counts (
    tenant_id integer not null references tenants (id),
    status text not null references job_statuses (status),
    jobs integer not null check (jobs >= 0),
    primary key (tenant_id, status)
) strict, without rowid;

insert into job_counts (tenant_id, status, jobs)
select tenant_id, status, count(*)
from export_jobs
group by tenant_id, status;

create trigger export_jobs_count_new after insert on export_jobs
begin
    insert into job_counts (tenant_id, status, jobs)
    values (new.tenant_id, new.status, 1)
    on conflict (tenant_id, status) do update
    set jobs = jobs + 1;
end;

create trigger export_jobs_count_move after update of status on export_jobs
when new.status <> old.status
begin
    update job_counts
    set jobs = jobs - 1
    where tenant_id = old.tenant_id
        and status = old.status;
    insert into job_counts (tenant_id, status, jobs)
    values (new.tenant_id, new.status, 1)
    on conflict (tenant_id, status) do update
    set jobs = jobs + 1;
end;

create trigger export_jobs_count_gone after delete on export_jobs
begin
    update job_counts
    set jobs = jobs - 1
    where tenant_id = old.tenant_id
        and status = old.status;
end;
