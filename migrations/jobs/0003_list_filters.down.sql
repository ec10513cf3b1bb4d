drop index segment_filters_by_segment;
drop index export_jobs_by_dataset;
