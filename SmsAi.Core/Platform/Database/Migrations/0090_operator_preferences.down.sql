drop index users_tags;
drop table operator_preferences;
