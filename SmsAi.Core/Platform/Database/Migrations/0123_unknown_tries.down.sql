drop table unknown_tries;
