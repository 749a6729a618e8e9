-- What a page asks of one meeting or one person is found without walking through everything else a
-- cell ever kept.
create index task_by_urger on task (urger_id, in_force, state);
create index task_by_org_doer on task (org_id, doer_id, in_force);

drop index meeting_period_by_meeting;
create index meeting_period_by_meeting on meeting_period (org_id, meeting_id, period);
drop index resolution_by_meeting;
create index resolution_by_meeting on resolution (org_id, meeting_id, resolution_id);
drop index file_by_meeting;
create index file_by_meeting on file (org_id, meeting_id, file_id);
drop index guest_by_meeting;
create index guest_by_meeting on guest (org_id, meeting_id, guest_id);
drop index opinion_by_meeting;
create index opinion_by_meeting on opinion (org_id, meeting_id, opinion_id);
