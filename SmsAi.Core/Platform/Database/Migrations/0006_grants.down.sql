do $$
begin
  if exists (select from pg_roles where rolname = 'smsai_web') then
    alter default privileges in schema public revoke select, insert, update, delete on tables from smsai_web;
    alter default privileges in schema public revoke usage, select, update on sequences from smsai_web;
    revoke all on all tables in schema public from smsai_web;
  end if;
end $$;
