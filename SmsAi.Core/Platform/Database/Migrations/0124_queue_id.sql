-- category: PERFORMANCE
-- depends: 0001
-- The item of a text has the text's id, so its primary key finds it as well: one index less to write for each text.

alter table queue drop constraint queue_inbound_id_key;
alter table queue add constraint queue_inbound_is_id check (inbound_id = id);
comment on column queue.inbound_id is 'The text to answer, which is also the item''s id; null for a send no text asked for.';
