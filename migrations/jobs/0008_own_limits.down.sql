-- Jobs that have limits of their own lose them, and have those for all.
alter table export_jobs drop column attempt_deadline;
alter table export_jobs drop column attempts_allowed;
