-- Tests of senders are found by their sender: the last ones of each stand on its page.
create index template_test_sender on template_test (sender_id, asked_at) where sender_id is not null;
