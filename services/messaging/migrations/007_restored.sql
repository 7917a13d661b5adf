-- When this database was restored from a backup. What was asked for and due before may have gone: nobody here knows.
create table restored (
    at timestamptz primary key
);
