#!/bin/sh
# Run once by the image, on an empty database. sms_agent owns the database and migrates it; smsai_web, as which the app works,
# may do only what the migrations grant it.
set -eu
: "${MIGRATE_PASSWORD:?is not set}" "${WEB_PASSWORD:?is not set}"
# Passwords by the environment: arguments show in the list of processes. The server must not log them either.
psql -v ON_ERROR_STOP=1 --quiet --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
\getenv migrate_password MIGRATE_PASSWORD
\getenv web_password WEB_PASSWORD
set log_min_error_statement = panic;
create role sms_agent login password :'migrate_password';
create role smsai_web login password :'web_password';
alter role smsai_web set idle_in_transaction_session_timeout = '5s';
grant pg_read_all_stats to smsai_web;
alter database sms_agent_db owner to sms_agent;
revoke all on database sms_agent_db from public;
grant connect, temporary on database sms_agent_db to smsai_web;
alter schema public owner to sms_agent;
revoke create on schema public from public;
SQL
