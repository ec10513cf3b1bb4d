alter table export_jobs drop column attempt_deadline;
alter table export_jobs drop column attempts_allowed;
