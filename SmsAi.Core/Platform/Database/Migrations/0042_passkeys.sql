-- category: SECURITY
-- depends: 0040
-- Passkeys, and the challenges that wait for an answer: each is answered once.

create table operator_passkeys (
  credential_id bytea primary key,
  operator_id bigint not null references operators on delete cascade,
  name text not null,
  public_key bytea not null,
  sign_count bigint not null,
  transports text[] not null default '{}',
  is_user_verified boolean not null,
  is_backup_eligible boolean not null,
  is_backed_up boolean not null,
  created_at timestamptz not null,
  used_at timestamptz
);
create index operator_passkeys_of_operator on operator_passkeys (operator_id);

create table operator_passkey_challenges (
  id text primary key,
  purpose text not null,
  session text,
  state text not null,
  expires_at timestamptz not null
);

do $$
begin
  if exists (select from pg_roles where rolname = 'smsai_web') then
    grant select, insert, update, delete on operator_passkeys, operator_passkey_challenges to smsai_web;
  end if;
end $$;
