alter table queue drop constraint queue_inbound_is_id;
alter table queue add constraint queue_inbound_id_key unique (inbound_id);
