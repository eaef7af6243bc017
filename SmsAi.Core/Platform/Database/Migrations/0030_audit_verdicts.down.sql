drop table audit_verdicts;
