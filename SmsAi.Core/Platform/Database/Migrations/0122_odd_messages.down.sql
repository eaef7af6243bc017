drop index messages_rare_kinds;
drop index messages_odd;
alter table messages drop column is_odd;
