drop table audit_head, audit, sandbox_messages, sandbox_settings, active_days, metrics_hourly, metric_minutes, error_logs, installation, system_config_history, system_config, idempotency_keys, webhook_log, sweep_marks, prices, spend_days, pause_notices, control_acknowledgements, replicas, control_flips, controls;
drop sequence controls_ver_seq;
drop function audit_refuse(), audit_append(text, bigint, text, text, text, jsonb, inet, text), audit_hash(bigint, timestamptz, text, bigint, text, text, text, jsonb, inet, text, bytea);
