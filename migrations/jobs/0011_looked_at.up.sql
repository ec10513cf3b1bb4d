-- How many of its candidates an attempt is done with, so that its progress is of what it has looked at, also where few
-- are members of the segment. Of attempts that ended before nobody knows.
alter table export_jobs add column looked_at integer not null default 0 check (looked_at >= 0);
