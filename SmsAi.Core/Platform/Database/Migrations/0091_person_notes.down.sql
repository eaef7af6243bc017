alter table users drop constraint users_timezone_known;
drop table person_notes;
