-- Who shares an identity: what links primary identities to one person.
create index fragment_identities_by_identity on fragment_identities (namespace_id, identity);
create index event_identities_by_identity on event_identities (namespace_id, identity);

-- What came in since a moment.
create index fragments_by_ingest on fragments (dataset_id, ingest_time, profile_id);
create index events_by_ingest on events (dataset_id, ingest_time, profile_id);

-- Declared by an operator, beside those that are built in; a version is never changed.
create table merge_policies (
    id integer primary key,
    tenant_id integer not null references tenants (id),
    name text not null check (length(name) between 1 and 256),
    version integer not null check (version >= 1),
    identity_graph text not null check (identity_graph in ('none', 'pdg')),
    attribute_merge text not null check (attribute_merge in ('timestampOrdered', 'dataSetPrecedence')),
    declared_at integer not null,
    unique (tenant_id, name, version)
) strict;

-- Of dataSetPrecedence: the first wins. A dataset may be named before anything of it is imported.
create table merge_policy_datasets (
    policy_id integer not null references merge_policies (id) on delete cascade,
    position integer not null check (position >= 0),
    dataset text not null check (length(dataset) between 1 and 64 and dataset not glob '*[^A-Za-z0-9_-]*'),
    primary key (policy_id, position),
    unique (policy_id, dataset)
) strict, without rowid;

-- How the event spells the namespace of its primary identity, which a profile without records shows.
alter table events add column namespace text check (namespace <> '');

-- Grows with each transaction that changes something: readers with the same number see the same.
create table changes (
    id integer primary key check (id = 1),
    count integer not null
) strict;
insert into changes (id, count) values (1, 0);
