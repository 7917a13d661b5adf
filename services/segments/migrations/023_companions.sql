-- With whom a guest stays, as the source names them: a name a line.
alter table stay add column companions text;
