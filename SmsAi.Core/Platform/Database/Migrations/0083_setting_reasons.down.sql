alter table system_config_history drop column reason;
