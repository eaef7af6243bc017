-- category: SECURITY
-- depends: 0073
-- How far each file is copied, not how far files are: replicas on several hosts each keep a whole file, which knows itself by a mark beside it.
-- The one cursor they shared is given up, since what each file has of the trail is not known: every file is written once more from the first row.

delete from audit_copies where sink = 'file';
alter table audit_copies drop constraint audit_copies_pkey;
alter table audit_copies add column place text not null default '';
alter table audit_copies add column host text not null default '';
alter table audit_copies add primary key (sink, place);
comment on column audit_copies.place is 'Which of several places of a kind: the mark of a file; empty for the webhook.';
comment on column audit_copies.host is 'The machine that last knew it, for people.';
