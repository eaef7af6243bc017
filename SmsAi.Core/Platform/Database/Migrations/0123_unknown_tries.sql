-- category: SECURITY
-- depends: 0005
-- Tries to sign in with e-mails nobody has, counted as those of accounts are, so that no replica and no restart tells which is which.

create table unknown_tries (
  email_hash bytea primary key,
  failed_count integer not null,
  lockout_end timestamptz,
  tried_at timestamptz not null
);
comment on column unknown_tries.email_hash is 'Keyed; what was typed is kept nowhere.';

-- Rows a week old leave with later tries.
create index unknown_tries_by_age on unknown_tries (tried_at);

do $$
begin
  if exists (select from pg_roles where rolname = 'smsai_web') then
    grant select, insert, update, delete on unknown_tries to smsai_web;
  end if;
end $$;
