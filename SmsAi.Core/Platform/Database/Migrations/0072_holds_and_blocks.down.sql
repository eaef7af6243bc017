drop index control_flips_name;
alter table control_flips drop column held;
alter table blocked_senders drop column until, drop column phone_tail, drop column id;
delete from holds where tier_id is not null or kind is not null;
alter table holds drop constraint holds_one_target;
alter table holds drop column until, drop column kind, drop column tier_id;
alter table holds add constraint holds_check check (num_nonnulls(user_id, our_number, broadcast_id) = 1);
