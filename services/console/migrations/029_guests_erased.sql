-- What stays of the certificates of an erasure, once the audit trail of that time has gone: that every service erased the
-- guest, and the day on which the first of them did.
create table guest_erased (
    guest_id uuid primary key,
    erased_on date not null
);
