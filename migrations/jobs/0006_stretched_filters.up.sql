-- A listing by dataset or segment goes through the ids a stretch of 1,024 at a time. So a create writes to the few
-- pages of the newest stretch, not to a page of the whole index for each dataset and segment that it names.
drop index export_jobs_by_dataset;
create index export_jobs_by_dataset on export_jobs (id >> 10, tenant_id, dataset_id);
drop index segment_filters_by_segment;
create index segment_filters_by_segment on segment_filters (job_id >> 10, segment_id);
