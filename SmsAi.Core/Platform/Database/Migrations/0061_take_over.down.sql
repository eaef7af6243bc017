drop table message_marks, reply_drafts, hand_texts;
drop index conversations_taken;
alter table conversations drop column taken_seen, drop column taken_at, drop column taken_name, drop column taken_by;
