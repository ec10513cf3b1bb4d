-- How far attempts have come is forgotten.
alter table export_jobs drop column looked_at;
