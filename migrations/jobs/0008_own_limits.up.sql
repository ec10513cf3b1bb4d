-- How often a job may be tried and how long one attempt may take, when that is not as for all jobs.
alter table export_jobs add column attempts_allowed integer check (attempts_allowed > 0);
alter table export_jobs add column attempt_deadline integer check (attempt_deadline > 0);
