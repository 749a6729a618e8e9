-- The first page asks who was absent without a reason in the year's sealed rolls: a handful of lines among hundreds.
create index roll_unexcused on roll (org_id, meeting_id, person_id) where coalesce(corrected, mark) = 'unexcused';
