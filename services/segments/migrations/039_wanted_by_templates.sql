-- Segments by which templates show blocks: messaging asked for them, and hears of every change.
create table wanted_segment (
    segment text primary key, -- its key, whether or not there is such a segment
    version int not null, -- of the newest word about it
    wanted boolean not null
);
