-- In which segments a guest was when they answered.
alter table answer_known add column segments int[]; -- numbers of segments; null: answered before this was kept
