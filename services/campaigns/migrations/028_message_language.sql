-- In which language a message went: results are told apart by it. Null: told before.
alter table message add column language text;
