drop table job_switches, job_runs;
