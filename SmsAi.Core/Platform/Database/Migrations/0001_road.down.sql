drop table ledger_cursors, events, tasks, dead_letters, queue, message_terms, message_sids, messages, conversations, holds, blocked_senders, consents, search_keys, user_keys, users, tiers;
drop sequence messages_id_seq, users_id_seq;
drop type queue_state, task_priority, message_kind, message_state, message_direction;
