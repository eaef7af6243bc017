drop index error_logs_open, error_logs_newest;
alter table error_logs drop column note, drop column resolved_by;
