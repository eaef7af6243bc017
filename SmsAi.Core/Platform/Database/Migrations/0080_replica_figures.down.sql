drop index webhook_log_verdict;
drop table replica_services, replica_figures;
