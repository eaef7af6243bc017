drop table inbox_floors, inbox_reads, inbox;
