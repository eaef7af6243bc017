drop index idempotency_keys_age;
alter table idempotency_keys drop column etag;
alter table idempotency_keys alter column response type jsonb using response::jsonb;
alter table idempotency_keys drop constraint idempotency_keys_pkey;
alter table idempotency_keys add primary key (key, caller, route);
