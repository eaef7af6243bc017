drop table stop_checks;
