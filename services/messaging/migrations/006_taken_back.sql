-- Why it was taken back while it was on its way: should it not have gone, it stays.
alter table delivery add column taken_back text;
