delete from stop_checks c where not exists (select from replicas r where r.id = c.replica_id);
alter table stop_checks add constraint stop_checks_replica_id_fkey foreign key (replica_id) references replicas on delete cascade;
alter table control_acknowledgements drop column was_there;
delete from control_acknowledgements a where not exists (select from replicas r where r.id = a.replica_id);
alter table control_acknowledgements add constraint control_acknowledgements_replica_id_fkey foreign key (replica_id) references replicas on delete cascade;
