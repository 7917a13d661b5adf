-- Who was merged into a guest is looked up for all guests of a broadcast.
create index guest_known_merged on guest_known (merged_into) where merged_into is not null;
