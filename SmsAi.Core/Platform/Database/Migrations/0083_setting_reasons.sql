-- category: CORE
-- depends: 0004
-- Why a setting was changed.

alter table system_config_history add column reason text;
