-- category: PERFORMANCE
-- depends: 0020
-- destructive: moved
-- What each text changes of its person, in a table of its own with the two indexes its orders need. Beside the profile each change wrote
-- a new entry in all ten indexes of `users`: a fifth of what the database did for a text (docs/decisions/0005-what-the-profile-said.md).
-- The columns it drops are kept in the new table.

create table user_activity (
  user_id bigint primary key references users on delete cascade,
  last_active timestamptz not null,
  texts_total bigint not null default 0,
  texts_month integer not null default 0,
  texts_today integer not null default 0,
  counted_month date,
  counted_day date,
  rate_limit_reset timestamptz,
  spend_micros bigint not null default 0,
  spend_month date not null default '1970-01-01'
) with (fillfactor = 70);
comment on table user_activity is 'Counters of people, one row for each, written by a ledger reader a second after a text.';
comment on column user_activity.texts_month is 'Counted in the UTC month counted_month; texts_today in the UTC day counted_day.';
comment on column user_activity.spend_micros is 'Model and carrier together, in the UTC month spend_month; a later month begins anew.';

insert into user_activity (user_id, last_active, texts_total, texts_month, texts_today, counted_month, counted_day, rate_limit_reset, spend_micros, spend_month)
select id, last_active, texts_total, texts_month, texts_today, counted_month, counted_day, rate_limit_reset, spend_micros, spend_month from users;

-- "Active in the last 24 h"; with users_tier "active premium people of the last 30 days". No moving predicate: now() is not immutable.
create index user_activity_last on user_activity (last_active, user_id);
-- Who costs most: this month's people first, by what they cost; everyone else has cost nothing yet.
create index user_activity_spend on user_activity (spend_month, spend_micros, user_id);

drop index users_tier_active;
drop index users_active;
drop index users_spend;
create index users_tier on users (tier_id);
alter table users drop column last_active, drop column texts_total, drop column texts_month, drop column texts_today, drop column counted_month,
  drop column counted_day, drop column rate_limit_reset, drop column spend_micros, drop column spend_month;

-- Everybody has the row from the first moment, whoever writes the person.
create function user_activity_begins() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  insert into user_activity (user_id, last_active) select id, created_at from came;
  return null;
end $$;
create trigger user_activity_begins after insert on users referencing new table as came for each statement execute function user_activity_begins();
