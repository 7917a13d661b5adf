-- What a hotel is paid in, ISO 4217; null: nobody chose it since there is such a choice. Its stays tell, or its country.
alter table property add column currency char(3);
