-- category: SECURITY
-- depends: 0005, 0006
-- Operators' sessions, so that one can be ended from elsewhere, and the second factors they show.

create table operator_sessions (
  id text primary key,
  operator_id bigint not null references operators on delete cascade,
  since timestamptz not null,
  seen_at timestamptz not null,
  address inet,
  user_agent text not null default '',
  second_factor_at timestamptz,
  must_enrol boolean not null default false,
  ended_at timestamptz
);
comment on column operator_sessions.must_enrol is 'The role asks for a second factor and the operator has none: nothing is open to her but her own account.';
create index operator_sessions_of_operator on operator_sessions (operator_id, since desc);

-- The step of the last code that was taken: no code works twice, whichever replica it is shown to.
create table operator_totp (
  operator_id bigint primary key references operators on delete cascade,
  secret bytea not null,
  is_confirmed boolean not null default false,
  last_step bigint not null default 0
);

-- A code leaves when it is used.
create table operator_recovery_codes (
  operator_id bigint not null references operators on delete cascade,
  code_hash bytea not null,
  primary key (operator_id, code_hash)
);

do $$
begin
  if exists (select from pg_roles where rolname = 'smsai_web') then
    grant select, insert, update, delete on operator_sessions, operator_totp, operator_recovery_codes to smsai_web;
  end if;
end $$;
