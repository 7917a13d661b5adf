-- On which days a source told of a hotel's stays: it is published the first time a day.
create table feed_day (
    property text not null,
    source text not null,
    day date not null, -- UTC
    primary key (property, source, day)
);
