drop trigger user_activity_begins on users;
drop function user_activity_begins();

alter table users add column last_active timestamptz not null default now(), add column texts_total bigint not null default 0,
  add column texts_month integer not null default 0, add column texts_today integer not null default 0, add column counted_month date,
  add column counted_day date, add column rate_limit_reset timestamptz, add column spend_micros bigint not null default 0,
  add column spend_month date not null default '1970-01-01';
comment on column users.texts_month is 'Counted in the UTC month counted_month; texts_today in the UTC day counted_day.';
comment on column users.spend_micros is 'Model and carrier together, in the UTC month spend_month; a later month begins anew.';
update users u set last_active = a.last_active, texts_total = a.texts_total, texts_month = a.texts_month, texts_today = a.texts_today,
  counted_month = a.counted_month, counted_day = a.counted_day, rate_limit_reset = a.rate_limit_reset, spend_micros = a.spend_micros,
  spend_month = a.spend_month
from user_activity a where a.user_id = u.id;
drop table user_activity;

drop index users_tier;
create index users_tier_active on users (tier_id, last_active);
create index users_active on users (last_active);
create index users_spend on users (spend_month, spend_micros, id);
