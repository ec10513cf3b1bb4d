CREATE TABLE schema_migrations (
    version integer primary key,
    name text not null,
    sha256 text not null check (length(sha256) = 64),
    applied_at integer not null
) strict;

CREATE TABLE tenants (
    id integer primary key,
    org text not null check (length(cast(org as blob)) between 1 and 80),
    sandbox text not null check (length(cast(sandbox as blob)) between 1 and 80),
    unique (org, sandbox)
) strict;

CREATE TABLE datasets (
    id integer primary key,
    tenant_id integer not null references tenants (id),
    name text not null check (length(name) between 1 and 64 and name not glob '*[^A-Za-z0-9_-]*'),
    unique (tenant_id, name)
) strict;

CREATE TABLE namespaces (
    id integer primary key,
    tenant_id integer not null references tenants (id),
    folded text not null check (folded <> ''),
    name text not null,
    unique (tenant_id, folded)
) strict;

CREATE TABLE segments (
    id integer primary key,
    tenant_id integer not null references tenants (id),
    namespace_folded text not null,
    name text not null,
    unique (tenant_id, namespace_folded, name)
) strict;

CREATE TABLE profiles (
    id integer primary key,
    tenant_id integer not null references tenants (id),
    namespace_id integer not null references namespaces (id),
    identity text not null check (identity <> ''),
    unique (namespace_id, identity)
) strict;

CREATE TABLE fragments (
    id integer primary key,
    profile_id integer not null references profiles (id),
    dataset_id integer not null references datasets (id),
    ingest_time integer not null,
    identity_map text not null, -- declared identities included, sorted
    record text not null,       -- without identityMap and null members
    unique (profile_id, dataset_id)
) strict;

CREATE TABLE fragment_identities (
    fragment_id integer not null references fragments (id) on delete cascade,
    namespace_id integer not null references namespaces (id),
    identity text not null check (identity <> ''),
    primary key (fragment_id, namespace_id, identity)
) strict, without rowid;

CREATE TABLE memberships (
    segment_id integer not null references segments (id),
    profile_id integer not null references profiles (id),
    fragment_id integer not null references fragments (id) on delete cascade,
    status text not null check (status in ('realized', 'existing', 'exited')),
    primary key (segment_id, profile_id, fragment_id)
) strict, without rowid;

CREATE TABLE events (
    id integer primary key,
    dataset_id integer not null references datasets (id),
    event_id text not null check (event_id <> ''),
    profile_id integer not null references profiles (id),
    occurred_at integer not null,
    ingest_time integer not null,
    record text not null, namespace text check (namespace <> ''), -- without null members
    unique (dataset_id, event_id)
) strict;

CREATE TABLE event_identities (
    event_id integer not null references events (id) on delete cascade,
    namespace_id integer not null references namespaces (id),
    identity text not null check (identity <> ''),
    primary key (event_id, namespace_id, identity)
) strict, without rowid;

CREATE TABLE merge_policies (
    id integer primary key,
    tenant_id integer not null references tenants (id),
    name text not null check (length(name) between 1 and 256),
    version integer not null check (version >= 1),
    identity_graph text not null check (identity_graph in ('none', 'pdg')),
    attribute_merge text not null check (attribute_merge in ('timestampOrdered', 'dataSetPrecedence')),
    declared_at integer not null,
    unique (tenant_id, name, version)
) strict;

CREATE TABLE merge_policy_datasets (
    policy_id integer not null references merge_policies (id) on delete cascade,
    position integer not null check (position >= 0),
    dataset text not null check (length(dataset) between 1 and 64 and dataset not glob '*[^A-Za-z0-9_-]*'),
    primary key (policy_id, position),
    unique (policy_id, dataset)
) strict, without rowid;

CREATE TABLE changes (
    id integer primary key check (id = 1),
    count integer not null
) strict;

CREATE INDEX profiles_by_tenant on profiles (tenant_id);

CREATE INDEX memberships_by_fragment on memberships (fragment_id);

CREATE INDEX events_by_profile on events (profile_id, occurred_at);

CREATE INDEX fragment_identities_by_identity on fragment_identities (namespace_id, identity);

CREATE INDEX event_identities_by_identity on event_identities (namespace_id, identity);

CREATE INDEX fragments_by_ingest on fragments (dataset_id, ingest_time, profile_id);

CREATE INDEX events_by_ingest on events (dataset_id, ingest_time, profile_id);
