-- A table of changes that waits to be accepted into a programme that is being prepared: one for each programme.
-- `content` is what its rows say; it goes when it is accepted or put away.
create table programme_sheet (
  org_id bigint not null,
  programme_id bigint not null,
  file_name text not null,
  content text not null,
  made_at bigint not null,
  primary key (org_id, programme_id)
);
