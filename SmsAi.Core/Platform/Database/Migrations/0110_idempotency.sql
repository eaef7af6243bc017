-- category: SECURITY
-- depends: 0004
-- One key of a caller is one act, whatever its route: the route is only told. The answer is kept as it was sent, byte for byte.

alter table idempotency_keys drop constraint idempotency_keys_pkey;
alter table idempotency_keys add primary key (caller, key);
alter table idempotency_keys alter column response type text using response::text;
alter table idempotency_keys add column etag text;
-- What is over is found by its age.
create index idempotency_keys_age on idempotency_keys (created_at);
