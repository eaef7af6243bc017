drop table freed_senders, lifted_holds;
