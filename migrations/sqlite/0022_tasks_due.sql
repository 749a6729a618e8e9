-- Tasks in the months carried up: how many fall due in each month of a cell, of these confirmed and reported by the
-- deadline, confirmed and reported after it, reported and waiting for the checker. The cell's own row also keeps by
-- which days of the month the others were to be done (`05 20`), so that a day can say which of them are overdue.

alter table cell_month add column tasks_due bigint not null default 0;
alter table cell_month add column tasks_in_time bigint not null default 0;
alter table cell_month add column tasks_late bigint not null default 0;
alter table cell_month add column tasks_reported bigint not null default 0;
alter table month_share add column tasks_due bigint not null default 0;
alter table month_share add column tasks_in_time bigint not null default 0;
alter table month_share add column tasks_late bigint not null default 0;
alter table month_share add column tasks_reported bigint not null default 0;
alter table org_month add column tasks_due bigint not null default 0;
alter table org_month add column tasks_in_time bigint not null default 0;
alter table org_month add column tasks_late bigint not null default 0;
alter table org_month add column tasks_reported bigint not null default 0;
alter table cell_month add column open_days text not null default '';

-- What was given before.
insert into cell_month (org_id, month, expected, present, excused, unexcused, leaders_expected, leaders_present, speakers,
  meetings, tasks_due, tasks_in_time, tasks_late, tasks_reported, open_days)
select org_id, substr(deadline, 1, 7), 0, 0, 0, 0, 0, 0, 0, 0, count(*),
  sum(case when state = 'done' and (done_on is null or done_on <= deadline) then 1 else 0 end),
  sum(case when state = 'done' and done_on > deadline then 1 else 0 end),
  sum(case when state = 'reported' then 1 else 0 end),
  coalesce(group_concat(case when state in ('open', 'returned') then substr(deadline, 9, 2) end, ' '), '')
from task where in_force = 1 and state <> 'dropped' and deadline is not null group by org_id, substr(deadline, 1, 7)
on conflict (org_id, month) do update set tasks_due = excluded.tasks_due, tasks_in_time = excluded.tasks_in_time,
  tasks_late = excluded.tasks_late, tasks_reported = excluded.tasks_reported, open_days = excluded.open_days;

-- The sums above follow; months to come are carried when they begin.
insert into month_due (org_id, month, at)
select org_id, month, cast(strftime('%s', 'now') as bigint) * 1000 from cell_month
where tasks_due > 0 and month <= (select max(opened) from rollup_run)
on conflict (org_id, month) do update set at = month_due.at;
