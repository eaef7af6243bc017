-- category: CORE
-- depends: 0001, 0005, 0006
-- The inbox: one line a conversation, kept by a ledger reader, so that the list neither sorts messages nor costs the road a write.

create table inbox (
  conversation_id bigint primary key references conversations on delete cascade,
  user_id bigint not null references users on delete cascade,
  last_at timestamptz not null,
  last_message bigint not null,
  texted_at timestamptz,
  text_position bigint not null default 0
);
comment on column inbox.last_at is 'When the newest message of either direction was stored, its partition key; texted_at: the newest of hers.';
comment on column inbox.text_position is 'The position of her newest text; whoever has read up to there has nothing unread.';
-- The list, newest first.
create index inbox_newest on inbox (last_at desc, conversation_id desc);

create table inbox_reads (
  operator_id bigint not null references operators on delete cascade,
  conversation_id bigint not null references conversations on delete cascade,
  position bigint not null,
  at timestamptz not null default now(),
  primary key (operator_id, conversation_id)
);
comment on table inbox_reads is 'How far each operator has read. What came before her account, or before she marked all as read, is not unread.';

create table inbox_floors (
  operator_id bigint primary key references operators on delete cascade,
  read_before timestamptz not null
);
