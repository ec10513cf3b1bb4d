-- A job that was made to try an ended one's request again. The ended one may be removed before it. Both ways have an
-- index by name, for statistics of few rows would lead a page through the whole table.
create table job_retries (
    job_id integer not null references export_jobs (id) on delete cascade,
    retry_of integer not null check (retry_of < job_id)
) strict;
create unique index job_retries_by_job on job_retries (job_id);
create unique index job_retries_by_ended on job_retries (retry_of);
