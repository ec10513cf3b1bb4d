drop trigger export_jobs_count_gone;
drop trigger export_jobs_count_move;
drop trigger export_jobs_count_new;
drop table job_counts;
