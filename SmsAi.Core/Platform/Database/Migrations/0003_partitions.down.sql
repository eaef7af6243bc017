drop function ensure_month_partitions(date, integer);
