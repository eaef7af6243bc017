-- category: ANALYTICS
-- depends: 0004, 0006
-- What each replica says about itself every five seconds, and what it last heard from the services it stands on: any replica shows all.
-- Kept apart from replicas, whose row is renewed every second.

create table replica_figures (
  replica_id integer primary key references replicas on delete cascade,
  at timestamptz not null default clock_timestamp(),
  version text not null default '',
  cpu_percent real not null default 0,
  memory_bytes bigint not null default 0,
  threads integer not null default 0,
  connections integer not null default 0,
  turns integer not null default 0,
  turns_at_most integer not null default 0,
  disk_free_bytes bigint,
  disk_bytes bigint
) with (fillfactor = 50);

create table replica_services (
  replica_id integer not null references replicas on delete cascade,
  name text not null check (name in ('database', 'redis', 'twilio', 'openai')),
  state text not null check (state in ('up', 'down', 'off', 'unknown')),
  since timestamptz not null,
  latency_ms real,
  last_error text,
  last_error_at timestamptz,
  primary key (replica_id, name)
) with (fillfactor = 50);

-- The webhook log by one verdict.
create index webhook_log_verdict on webhook_log (verdict, at desc);

do $$
begin
  if exists (select from pg_roles where rolname = 'smsai_web') then
    grant select, insert, update, delete on replica_figures, replica_services to smsai_web;
  end if;
end $$;
