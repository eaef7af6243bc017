drop index users_blocked;
drop index users_alias_second;
drop index users_alias_prefix;
drop index users_spend;
alter table users drop column spend_month;
alter table users drop column spend_micros;
