drop index segment_filters_by_segment;
create index segment_filters_by_segment on segment_filters (segment_id);
drop index export_jobs_by_dataset;
create index export_jobs_by_dataset on export_jobs (tenant_id, dataset_id);
