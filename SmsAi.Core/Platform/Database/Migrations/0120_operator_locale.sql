-- category: CORE
-- depends: 0090
-- How an operator reads numbers and times, wherever she signs in.

alter table operator_preferences
  add column language text check (language ~ '^[a-z]{2}-[A-Z]{2}$'),
  add column is_12_hour boolean,
  add column zone text check (length(zone) between 1 and 64);
comment on column operator_preferences.language is 'Whose marks in numbers and order of days she reads, as de-DE; none: as her browser says.';
comment on column operator_preferences.is_12_hour is 'Whether her clock counts to twelve; none: as in her language.';
comment on column operator_preferences.zone is 'Her time zone as Europe/Berlin; none: as her browser says.';
