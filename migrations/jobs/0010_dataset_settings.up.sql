-- How a dataset's files are written. A dataset without a row is NDJSON without compression.
create table dataset_settings (
    tenant_id integer not null references tenants (id),
    dataset_id text not null check (length(dataset_id) between 1 and 64 and dataset_id not glob '*[^A-Za-z0-9_-]*'),
    format text not null check (format = 'ndjson' or format = 'csv'),
    compression text not null check (compression = 'none' or compression = 'gzip' or compression = 'zstd'),
    primary key (tenant_id, dataset_id)
) strict, without rowid;
