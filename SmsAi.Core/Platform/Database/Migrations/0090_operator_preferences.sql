-- category: CORE
-- depends: 0001, 0005
-- What an operator chose for her own screens, and people by their tags.

create table operator_preferences (
  operator_id bigint primary key references operators on delete cascade,
  single_keys boolean not null default true
);
comment on column operator_preferences.single_keys is 'Whether a single letter acts on her pages; someone who dictates, or whose hands slip, turns that off.';

-- People by a tag, from the palette and the list.
create index users_tags on users using gin (tags);
