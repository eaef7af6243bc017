drop table audit_copies;
