-- A guest and a contact point are never deleted (who is erased or merged away keeps a row), and what hangs on them is
-- written by the command that has just found or made them. Asking again for each row was two fifths of what entering a
-- reservation cost the database.
alter table stay drop constraint stay_guest_id_fkey;
alter table guest_point drop constraint guest_point_guest_id_fkey, drop constraint guest_point_point_fkey;
alter table guest_key drop constraint guest_key_guest_id_fkey;
alter table consent_claim drop constraint consent_claim_guest_id_fkey;

-- Filled once, read once, truncated: nothing there is worth a look.
alter table import_row set (autovacuum_enabled = off, toast.autovacuum_enabled = off);
