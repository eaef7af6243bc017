-- category: SECURITY
-- depends: 0004
-- How far the audit trail is copied to each place outside. One replica at a time copies, under a lease that no open transaction holds.

create table audit_copies (
  sink text primary key check (sink in ('file', 'webhook')),
  copied_id bigint not null default 0,
  copied_hash bytea not null default '\x0000000000000000000000000000000000000000000000000000000000000000',
  copied_at timestamptz,
  seen_at timestamptz not null default clock_timestamp(),
  lease_until timestamptz,
  lease_token uuid,
  tries integer not null default 0,
  next_try timestamptz not null default clock_timestamp(),
  failing_since timestamptz,
  fault text
);
comment on column audit_copies.copied_hash is 'The hash of the row copied last: when that row is another one now, or gone, nothing more is copied until a person has looked.';
