create index messages_unsettled on messages (state, sending_at) where state in ('sending', 'uncertain', 'needs_person');

create or replace function ensure_month_partitions(start date, months integer) returns setof text
language plpgsql security definer set search_path = public, pg_temp set timezone = 'UTC' set lock_timeout = '3s' as $$
declare
  parent text;
  first date;
  name text;
begin
  if start is null or months is null or months not between 1 and 24 or abs(start - current_date) > 1000 then
    raise exception 'Between 1 and 24 months near today.' using errcode = '22023';
  end if;
  -- Replicas that start together would make the same table twice.
  perform pg_advisory_xact_lock(hashtext('ensure_month_partitions'));
  foreach parent in array array['messages', 'message_terms'] loop
    for step in 0 .. months - 1 loop
      first := (date_trunc('month', start::timestamp) + make_interval(months => step))::date;
      name := parent || '_' || to_char(first, 'YYYY_MM');
      continue when to_regclass(format('public.%I', name)) is not null;
      begin
        -- Made aside and attached: that locks out nobody who writes into other partitions.
        execute format('create table %I (like %I including all)', name, parent);
        execute format('alter table %I attach partition %I for values from (%L) to (%L)',
          parent, name, first::timestamptz, (first + interval '1 month')::timestamptz);
        return next name;
      exception when check_violation then
        -- The default partition holds rows of that month. They stay there, found by every query; the job reports them.
        raise warning '% is not made: the default partition has rows of that month', name;
      end;
    end loop;
  end loop;
end $$;

do $$
declare
  part regclass;
begin
  for part in select inhrelid::regclass from pg_inherits where inhparent = 'public.messages'::regclass loop
    execute format('alter table %s reset (fillfactor)', part);
  end loop;
end $$;
