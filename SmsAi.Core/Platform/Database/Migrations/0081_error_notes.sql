-- category: ANALYTICS
-- depends: 0004
-- Who resolved an error and what she noted; the list of all errors, newest first, and how many of a kind are open.

alter table error_logs add column resolved_by text, add column note text;
create index error_logs_newest on error_logs (at desc, id desc);
create index error_logs_open on error_logs (error_type, component) where not resolved;
