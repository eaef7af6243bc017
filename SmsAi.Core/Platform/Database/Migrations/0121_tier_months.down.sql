alter table user_activity drop column answers_month, drop column tokens_month, drop column segments_month, drop column told_month, drop column told_by;
alter table tiers drop column per_month, drop column tokens_month, drop column micros_month, drop column segments_month, drop column models, drop column context_turns;
