-- Sealed records of a cell opened to a committee above it: shared by the cell, or opened by two people of the
-- committee for an inspection (P-25). Kept in the cell, for it is the cell's content. Whether the committee still
-- stands above the cell is asked of the tree on the day, never copied.
create table opening (
  org_id bigint not null,
  opening_id bigint not null,
  ground text not null,
  state text not null,
  to_org bigint not null,
  extent text not null,
  issued_id bigint,
  from_month text,
  to_month text,
  reason text not null,
  document text not null,
  dated_on text,
  from_on text,
  until_on text not null,
  made_at bigint not null,
  made_by bigint not null,
  confirmed_at bigint,
  confirmed_by bigint,
  ended_at bigint,
  ended_by bigint,
  version bigint not null default 1,
  primary key (org_id, opening_id)
);
create index opening_to on opening (to_org, opening_id);
create index opening_by_person on opening (made_by);

-- Who of the committee read which record, written in the transaction that hands it out.
create table opening_read (
  org_id bigint not null,
  read_id bigint not null,
  opening_id bigint not null,
  issued_id bigint not null,
  person_id bigint not null,
  way text not null,
  at bigint not null,
  primary key (org_id, read_id)
);
create index opening_read_by_opening on opening_read (org_id, opening_id);
create index opening_read_by_person on opening_read (person_id);
