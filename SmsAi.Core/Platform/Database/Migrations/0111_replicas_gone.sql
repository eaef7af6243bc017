-- category: CORE
-- depends: 0004, 0070
-- Replicas that stopped for good leave after a day. What they acknowledged and proved while they were there stays: the old receipts still say
-- "2 of 2 replicas". When a replica leaves, each of its acknowledgements keeps whether it ran before the flip.

alter table control_acknowledgements drop constraint control_acknowledgements_replica_id_fkey;
alter table control_acknowledgements add column was_there boolean;
comment on column control_acknowledgements.was_there is 'Whether the replica ran at the flip; null while its row in replicas says so.';
alter table stop_checks drop constraint stop_checks_replica_id_fkey;
