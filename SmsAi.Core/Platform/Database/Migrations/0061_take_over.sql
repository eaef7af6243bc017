-- category: CORE
-- depends: 0001, 0005, 0060
-- Who has a conversation instead of the AI, what people wrote and are writing, and texts marked as errors.

-- On the conversation's own row, which the send gate holds locked and has joined already: the gate's look costs the road nothing.
alter table conversations
  add column taken_by bigint references operators on delete set null,
  add column taken_name text,
  add column taken_at timestamptz,
  add column taken_seen timestamptz;
comment on column conversations.taken_by is 'The operator who answers here; while it is set, no answer of the AI becomes "sending". taken_seen: her last act here.';
-- The few that somebody has. None of its columns changes as texts come and go, so the row's updates stay in their page.
create index conversations_taken on conversations (taken_seen) where taken_by is not null;

-- Who wrote what was sent by hand, and what was sent again; each message is sent again once.
create table hand_texts (
  message_id bigint primary key,
  conversation_id bigint not null references conversations on delete cascade,
  operator_id bigint references operators on delete set null,
  by_name text not null,
  resend_of bigint unique,
  reason text,
  at timestamptz not null default now()
);
create index hand_texts_conversation on hand_texts (conversation_id);

-- What an operator is writing, under the person's key of the month: a lost connection loses nothing.
create table reply_drafts (
  conversation_id bigint not null references conversations on delete cascade,
  operator_id bigint not null references operators on delete cascade,
  key_id uuid not null,
  body_cipher bytea not null,
  at timestamptz not null default now(),
  primary key (conversation_id, operator_id)
);

-- A message somebody marked as an error, with a note.
create table message_marks (
  message_id bigint primary key,
  conversation_id bigint not null references conversations on delete cascade,
  operator_id bigint references operators on delete set null,
  by_name text not null,
  key_id uuid,
  note_cipher bytea,
  at timestamptz not null default now()
);
create index message_marks_conversation on message_marks (conversation_id);
