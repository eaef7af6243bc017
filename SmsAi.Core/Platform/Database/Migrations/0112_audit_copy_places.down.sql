delete from audit_copies where sink = 'file';
alter table audit_copies drop constraint audit_copies_pkey;
alter table audit_copies drop column place, drop column host;
alter table audit_copies add primary key (sink);
