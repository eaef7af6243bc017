-- category: PERFORMANCE
-- depends: 0010
-- What went wrong, and what is of a rare kind, is found without walking past all that went well. The mark is a column of its own: an index
-- that spoke of the state itself would be touched by each of a message's changes (0010).

alter table messages add column is_odd boolean not null generated always as (state in (
  'ignored', 'draft', 'uncertain', 'needs_person', 'partly_delivered', 'undelivered', 'failed', 'cancelled', 'stale', 'opted_out', 'blocked',
  'dead_letter')) stored;
comment on column messages.is_odd is 'Its state is none that a text and its answer usually have.';

create index messages_odd on messages (created_at desc, id desc) where is_odd;
create index messages_rare_kinds on messages (kind, created_at desc, id desc) where kind not in ('text', 'answer');
