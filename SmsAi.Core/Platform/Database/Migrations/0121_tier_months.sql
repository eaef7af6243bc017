-- category: CORE
-- depends: 0001, 0100
-- What a tier allows in a UTC month, and how its people are answered. The month's counters begin with this migration.

alter table tiers
  add column per_month integer not null default 0 check (per_month >= 0),
  add column tokens_month bigint not null default 0 check (tokens_month >= 0),
  add column micros_month bigint not null default 0 check (micros_month >= 0),
  add column segments_month integer not null default 0 check (segments_month >= 0),
  add column models text[] not null default '{}' check (cardinality(models) <= 10),
  add column context_turns smallint check (context_turns between 0 and 50);
comment on column tiers.per_month is 'Answers a UTC month; here and in the other months'' limits 0 is no limit.';
comment on column tiers.tokens_month is 'In and out together, as the model''s service counts them.';
comment on column tiers.micros_month is 'Micro-dollars, model and carrier together.';
comment on column tiers.models is 'The models that may answer; none: whichever is set. The one that is set answers if it is among them, else the first.';
comment on column tiers.context_turns is 'Earlier messages the model is shown; null: as set in Replies:ContextTurns.';

alter table user_activity
  add column answers_month integer not null default 0,
  add column tokens_month bigint not null default 0,
  add column segments_month integer not null default 0,
  add column told_month date,
  add column told_by bigint;
comment on column user_activity.answers_month is 'Like tokens_month and segments_month: in the UTC month spend_month; a later month begins anew.';
comment on column user_activity.told_month is 'The month in which the person was told that a limit of the month is reached.';
comment on column user_activity.told_by is 'The text that was answered so: asked about again after a crash or an outage, it is answered so again.';
