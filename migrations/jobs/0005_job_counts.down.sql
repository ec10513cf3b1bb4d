drop trigger export_jobs_count_gone;
drop trigger export_jobs_count_move;
drop trigger export_jobs_count_new;
drop trigger tenants_count_from_nothing;
drop table job_counts;
