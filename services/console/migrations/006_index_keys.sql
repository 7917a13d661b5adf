-- A blind index names the key it was made with, and is no longer of one length.
alter table account alter column email_index type text;
alter table sign_in_attempt alter column key type text;
