-- A scored meeting: one row by the cell itself (scorer 0) and one by each superior, none over another.
-- `content` keeps the sheet as it was filled in, so that no later rule pack changes it.
create table score (
  org_id bigint not null,
  meeting_id bigint not null,
  scorer_id bigint not null,
  sheet text not null,
  total bigint,
  band text,
  content text not null,
  title text not null,
  by_person bigint not null,
  saved_at bigint not null,
  version bigint not null default 1,
  primary key (org_id, meeting_id, scorer_id)
);
