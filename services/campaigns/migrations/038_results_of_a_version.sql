-- Results of the guests who are in one version of a journey.
alter table result_kept
    add column version integer not null default 0, -- 0: in whichever
    drop constraint result_kept_pkey,
    add primary key (journey, by, since, until, within, version, everywhere, hotels);
