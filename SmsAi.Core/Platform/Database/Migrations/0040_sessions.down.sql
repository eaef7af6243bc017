drop table operator_recovery_codes, operator_totp, operator_sessions;
