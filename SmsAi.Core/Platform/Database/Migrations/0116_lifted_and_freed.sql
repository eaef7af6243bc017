-- category: CORE
-- depends: 0001, 0072
-- What was lifted and freed can be put back from its line of the audit trail, which holds neither numbers nor their hashes.

create table lifted_holds (
  id bigint primary key,
  user_id bigint references users on delete cascade,
  our_number text,
  broadcast_id bigint,
  tier_id smallint references tiers on delete cascade,
  kind message_kind,
  reason text not null,
  until timestamptz,
  at timestamptz not null default now()
);
comment on table lifted_holds is 'Rows leave after 90 days, or when the hold is put back.';
create index lifted_holds_at on lifted_holds (at);
create index lifted_holds_user on lifted_holds (user_id) where user_id is not null;
create index lifted_holds_tier on lifted_holds (tier_id) where tier_id is not null;

create table freed_senders (
  id bigint primary key,
  phone_hash bytea not null check (length(phone_hash) = 32),
  phone_tail text not null check (length(phone_tail) <= 2),
  reason text not null,
  until timestamptz,
  at timestamptz not null default now()
);
comment on table freed_senders is 'Rows leave after 90 days, or when the number is blocked again.';
create index freed_senders_at on freed_senders (at);
