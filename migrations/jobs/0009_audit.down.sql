-- What the audit has is gone with it.
drop table audit_entries;
