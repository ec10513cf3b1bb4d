-- Every dataset is written as NDJSON without compression again.
drop table dataset_settings;
