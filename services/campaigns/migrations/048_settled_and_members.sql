-- By which plan a message was asked for is read of open ones, and of those that went although they were taken back.
alter table message alter column plan drop not null;
-- When a guest came or left is read by nobody: the newest version counts.
alter table audience_member alter column changed_at drop not null;
