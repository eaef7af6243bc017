drop table pause_runs, pause_schedules;
