-- Listing a tenant's jobs for one dataset, newest first.
create index export_jobs_by_dataset on export_jobs (tenant_id, dataset_id);
-- Listing the jobs that name a segment, newest first.
create index segment_filters_by_segment on segment_filters (segment_id);
