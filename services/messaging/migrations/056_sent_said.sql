-- That a message went is said by its delivery alone: no decision repeats it. Null: it has not gone, or went before this
-- was so, and a decision says it.
alter table delivery add column says_sent boolean;
