alter table operator_preferences drop column zone, drop column is_12_hour, drop column language;
