-- category: CORE
-- depends: 0001
-- The list of people: what each costs this month, and the ways to find a few among hundreds of thousands.

alter table users add column spend_micros bigint not null default 0;
alter table users add column spend_month date not null default '1970-01-01';
comment on column users.spend_micros is 'Model and carrier together, in the UTC month spend_month; a later month begins anew.';

-- Who costs most: this month's people first, by what they cost; everyone else has cost nothing yet.
create index users_spend on users (spend_month, spend_micros, id);
-- Aliases by the first letters of either word, whatever the database's collation.
create index users_alias_prefix on users (alias text_pattern_ops);
create index users_alias_second on users (split_part(alias, '-', 2) text_pattern_ops);
-- The few who are blocked.
create index users_blocked on users (id) where is_blocked;

-- What the reader of people's counters has read already; from there on it counts by itself.
update users u set spend_micros = s.micros, spend_month = s.month
from (
  select c.user_id, date_trunc('month', now() at time zone 'UTC')::date as month, sum((e.data ->> 'micros')::bigint) as micros
  from events e join conversations c on c.id = e.stream_id join ledger_cursors k on k.reader = 'people' and (e.tx, e.id) <= (k.tx, k.id)
  where e.type in ('answered', 'sent') and e.created_at >= date_trunc('month', now() at time zone 'UTC') at time zone 'UTC'
  group by c.user_id) s
where u.id = s.user_id and s.micros > 0;
