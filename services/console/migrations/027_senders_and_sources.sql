-- What each sender sent a day and what came back or was reported; and on which days a source told of a hotel: warnings judge a
-- sender's reputation and a source's silence by them.
create table sender_day (
    sender text not null, -- the number of one of the house's own, or the channel of the environment's
    purpose text not null,
    day date not null, -- UTC
    version bigint not null,
    name text not null,
    channel text not null,
    sent int not null,
    bounced int not null,
    complained int not null,
    primary key (sender, purpose, day)
);
create table source_day (
    property text not null,
    source text not null,
    day date not null, -- UTC
    primary key (property, source, day)
);
