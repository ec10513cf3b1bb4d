drop table changes;
alter table events drop column namespace;
drop table merge_policy_datasets;
drop table merge_policies;
drop index events_by_ingest;
drop index fragments_by_ingest;
drop index event_identities_by_identity;
drop index fragment_identities_by_identity;
