-- Segments: their definitions, and who is a member by evaluation.
-- Times are milliseconds since 1970-01-01T00:00:00Z. Namespaces are compared in the spelling `folded`: A-Z as a-z.

create table schema_migrations (
    version integer primary key,
    name text not null,
    sha256 text not null check (length(sha256) = 64),
    applied_at integer not null
) strict;

create table tenants (
    id integer primary key,
    org text not null check (length(cast(org as blob)) between 1 and 80),
    sandbox text not null check (length(cast(sandbox as blob)) between 1 and 80),
    unique (org, sandbox)
) strict;

-- Lengths in bytes, for length() of a text ends at a NUL; those in characters are kept in C++.
create table definitions (
    id integer primary key,
    tenant_id integer not null references tenants (id),
    segment_id text not null check (length(cast(segment_id as blob)) between 1 and 1024),
    name text not null check (length(cast(name as blob)) between 1 and 1020),
    description text,
    expression text not null check (length(cast(expression as blob)) between 1 and 32768), -- pql/text
    merge_policy text check (merge_policy <> ''),
    batch integer not null check (batch between 0 and 1),
    continuous integer not null check (continuous between 0 and 1),
    synchronous integer not null check (synchronous between 0 and 1),
    exclude_opt_out integer not null check (exclude_opt_out between 0 and 1),
    lifecycle_state text not null check (
        lifecycle_state = 'draft' or lifecycle_state = 'published'
        or lifecycle_state = 'inactive' or lifecycle_state = 'archived'),
    schema_name text,
    schema_id text,
    ttl_in_days text,    -- JSON as sent: a number or a text
    payload_schema text,
    profile_instance_id text not null,
    version integer not null check (version >= 1),
    created_at integer not null,
    updated_at integer not null check (updated_at >= created_at),
    check (schema_name is not null or schema_id is not null),
    unique (tenant_id, segment_id)
) strict;

create unique index definitions_by_name on definitions (tenant_id, name);
create index definitions_by_creation on definitions (tenant_id, created_at);
create index definitions_by_update on definitions (tenant_id, updated_at);

-- What an expression asks for with inSegment, defined or not.
create table definition_dependencies (
    definition_id integer not null references definitions (id) on delete cascade,
    segment_id text not null,
    primary key (definition_id, segment_id)
) strict, without rowid;

create index definition_dependencies_by_segment on definition_dependencies (segment_id);

-- What one merge policy makes of a tenant's profiles: memberships differ between them.
create table populations (
    id integer primary key,
    tenant_id integer not null references tenants (id),
    merge_policy text not null check (merge_policy <> ''),
    unique (tenant_id, merge_policy)
) strict;

create table namespaces (
    id integer primary key,
    folded text not null unique check (folded <> '')
) strict;

-- Segments that were evaluated; the last publication that was taken over, so that none is taken twice.
create table evaluated_segments (
    id integer primary key,
    population_id integer not null references populations (id),
    segment_id text not null check (length(segment_id) between 1 and 256),
    job_id integer not null,
    commit_sequence integer not null,
    evaluated_at integer not null,
    unique (population_id, segment_id)
) strict;

-- 'removed' hides an entry that came with a profile.
create table members (
    population_id integer not null references populations (id),
    namespace_id integer not null references namespaces (id),
    identity text not null check (identity <> ''),
    segment_id integer not null references evaluated_segments (id),
    status text not null check (
        status = 'realized' or status = 'existing' or status = 'exited' or status = 'removed'),
    qualified_at integer not null,
    evaluated_at integer not null, -- the run that wrote it: what is ingested later counts instead
    entry text,                    -- the whole entry where it has more than status and time
    primary key (population_id, namespace_id, identity, segment_id)
) strict, without rowid;

create index members_by_segment on members (segment_id, status);

-- Grows with each transaction that changes what an export reads.
create table changes (
    id integer primary key check (id = 1),
    count integer not null
) strict;

insert into changes (id, count) values (1, 0);
