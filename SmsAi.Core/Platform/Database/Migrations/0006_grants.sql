-- category: SECURITY
-- depends: 0001, 0004, 0005
-- What the web program may do, when it has a role of its own: everything it needs, no DDL, no change of the audit trail.

revoke all on function audit_append(text, bigint, text, text, text, jsonb, inet, text) from public;

do $$
begin
  if exists (select from pg_roles where rolname = 'smsai_web') then
    grant usage on schema public to smsai_web;
    grant select, insert, update, delete on all tables in schema public to smsai_web;
    grant usage, select, update on all sequences in schema public to smsai_web;
    alter default privileges in schema public grant select, insert, update, delete on tables to smsai_web;
    alter default privileges in schema public grant usage, select, update on sequences to smsai_web;
    revoke insert, update, delete, truncate on audit, audit_head from smsai_web;
    revoke insert, update, delete, truncate on schema_migrations from smsai_web;
    grant execute on function audit_append(text, bigint, text, text, text, jsonb, inet, text) to smsai_web;
  end if;
end $$;
