-- What a person said in the meetings of a year is found from those meetings, not by walking through what they ever said.
drop index contribution_by_person;
create index contribution_by_person on contribution (org_id, person_id, meeting_id);
