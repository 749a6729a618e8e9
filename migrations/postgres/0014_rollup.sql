-- Months carried up the tree. The cell's own row, changed in the transaction of the fact, says more: the day each
-- kỳ kept in it was met (a quarter's with the quarter's first month), to when it was put off, notices,
-- resolutions, tasks, levels of its own scores.

alter table cell_month add column regular_on text;
alter table cell_month add column regular_until text;
alter table cell_month add column thematic_on text;
alter table cell_month add column thematic_until text;
alter table cell_month add column notices bigint not null default 0;
alter table cell_month add column notices_in_time bigint not null default 0;
alter table cell_month add column resolutions bigint not null default 0;
alter table cell_month add column tasks bigint not null default 0;
alter table cell_month add column good bigint not null default 0;
alter table cell_month add column fair bigint not null default 0;
alter table cell_month add column average bigint not null default 0;
alter table cell_month add column poor bigint not null default 0;

-- Which months of which cells are still to be carried up, since when.
create table month_due (
  org_id bigint not null,
  month text not null,
  at bigint not null,
  primary key (org_id, month)
);
create index month_due_by_age on month_due (at);

-- What of a cell's month has been carried, and to whom: `path` is the tree of that month.
create table month_share (
  org_id bigint not null,
  month text not null,
  path text not null,
  kind text not null,
  cells bigint not null,
  regular_owed bigint not null,
  regular_held bigint not null,
  regular_late bigint not null,
  regular_put_off bigint not null,
  thematic_owed bigint not null,
  thematic_held bigint not null,
  thematic_late bigint not null,
  thematic_put_off bigint not null,
  meetings bigint not null,
  expected bigint not null,
  present bigint not null,
  excused bigint not null,
  unexcused bigint not null,
  leaders_expected bigint not null,
  leaders_present bigint not null,
  speakers bigint not null,
  notices bigint not null,
  notices_in_time bigint not null,
  resolutions bigint not null,
  tasks bigint not null,
  good bigint not null,
  fair bigint not null,
  average bigint not null,
  poor bigint not null,
  primary key (org_id, month)
);
create index month_share_by_path on month_share (path, month);

-- Sums of everything below a committee, by month and by kind of cell.
create table org_month (
  org_id bigint not null,
  month text not null,
  kind text not null,
  cells bigint not null,
  regular_owed bigint not null,
  regular_held bigint not null,
  regular_late bigint not null,
  regular_put_off bigint not null,
  thematic_owed bigint not null,
  thematic_held bigint not null,
  thematic_late bigint not null,
  thematic_put_off bigint not null,
  meetings bigint not null,
  expected bigint not null,
  present bigint not null,
  excused bigint not null,
  unexcused bigint not null,
  leaders_expected bigint not null,
  leaders_present bigint not null,
  speakers bigint not null,
  notices bigint not null,
  notices_in_time bigint not null,
  resolutions bigint not null,
  tasks bigint not null,
  good bigint not null,
  fair bigint not null,
  average bigint not null,
  poor bigint not null,
  primary key (org_id, month, kind)
);

-- One row: up to which month every living cell has been counted, and which server carries at present.
create table rollup_run (
  run_id bigint not null primary key,
  opened text not null,
  holder text,
  until_at bigint not null
);

-- What was met and put off before.
insert into cell_month (org_id, month, expected, present, excused, unexcused, leaders_expected, leaders_present, speakers,
  meetings, regular_on)
select p.org_id, substr(p.period, 1, 4) || '-' || right('0' || substr(p.period, 9), 2), 0, 0, 0, 0, 0, 0, 0, 0,
  min(substr(coalesce(m.opened_at, m.starts_at), 1, 10))
from meeting_period p join meeting m on m.org_id = p.org_id and m.meeting_id = p.meeting_id
where substr(p.period, 6, 2) = 'tk' and m.state in ('closed', 'adopted', 'sealed') group by p.org_id, p.period
on conflict (org_id, month) do update set regular_on = excluded.regular_on;

insert into cell_month (org_id, month, expected, present, excused, unexcused, leaders_expected, leaders_present, speakers,
  meetings, thematic_on)
select p.org_id, substr(p.period, 1, 4) || '-' || right('0' || cast(cast(substr(p.period, 9) as bigint) * 3 - 2 as text), 2), 0, 0, 0, 0, 0, 0, 0, 0,
  min(substr(coalesce(m.opened_at, m.starts_at), 1, 10))
from meeting_period p join meeting m on m.org_id = p.org_id and m.meeting_id = p.meeting_id
where substr(p.period, 6, 2) = 'cd' and m.state in ('closed', 'adopted', 'sealed') group by p.org_id, p.period
on conflict (org_id, month) do update set thematic_on = excluded.thematic_on;

insert into cell_month (org_id, month, expected, present, excused, unexcused, leaders_expected, leaders_present, speakers,
  meetings, regular_until)
select p.org_id, substr(p.period, 1, 4) || '-' || right('0' || substr(p.period, 9), 2), 0, 0, 0, 0, 0, 0, 0, 0, p.postponed_to
from period_plan p where substr(p.period, 6, 2) = 'tk' and p.postponed_to is not null
on conflict (org_id, month) do update set regular_until = excluded.regular_until;

insert into cell_month (org_id, month, expected, present, excused, unexcused, leaders_expected, leaders_present, speakers,
  meetings, thematic_until)
select p.org_id, substr(p.period, 1, 4) || '-' || right('0' || cast(cast(substr(p.period, 9) as bigint) * 3 - 2 as text), 2), 0, 0, 0, 0, 0, 0, 0, 0, p.postponed_to
from period_plan p where substr(p.period, 6, 2) = 'cd' and p.postponed_to is not null
on conflict (org_id, month) do update set thematic_until = excluded.thematic_until;

insert into cell_month (org_id, month, expected, present, excused, unexcused, leaders_expected, leaders_present, speakers,
  meetings, regular_on)
select p.org_id, substr(p.period, 1, 4) || '-' || right('0' || substr(p.period, 9), 2), 0, 0, 0, 0, 0, 0, 0, 0,
  min(substr(coalesce(m.opened_at, m.starts_at), 1, 10))
from period_plan p join meeting_period q on q.org_id = p.org_id and q.period = p.merged_into
join meeting m on m.org_id = q.org_id and m.meeting_id = q.meeting_id
where substr(p.period, 6, 2) = 'tk' and m.state in ('closed', 'adopted', 'sealed') group by p.org_id, p.period
on conflict (org_id, month) do update set regular_on = coalesce(cell_month.regular_on, excluded.regular_on);

insert into cell_month (org_id, month, expected, present, excused, unexcused, leaders_expected, leaders_present, speakers,
  meetings, thematic_on)
select p.org_id, substr(p.period, 1, 4) || '-' || right('0' || cast(cast(substr(p.period, 9) as bigint) * 3 - 2 as text), 2), 0, 0, 0, 0, 0, 0, 0, 0,
  min(substr(coalesce(m.opened_at, m.starts_at), 1, 10))
from period_plan p join meeting_period q on q.org_id = p.org_id and q.period = p.merged_into
join meeting m on m.org_id = q.org_id and m.meeting_id = q.meeting_id
where substr(p.period, 6, 2) = 'cd' and m.state in ('closed', 'adopted', 'sealed') group by p.org_id, p.period
on conflict (org_id, month) do update set thematic_on = coalesce(cell_month.thematic_on, excluded.thematic_on);
