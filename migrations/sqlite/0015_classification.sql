-- What cells came to at the end of a year (T1, T2): decided by the committee above, entered by its office.
create table cell_level (
  org_id bigint not null,
  year bigint not null,
  level text,
  document text not null,
  at bigint not null,
  by_person bigint,
  version bigint not null default 1,
  primary key (org_id, year)
);

-- How many of a cell's members came to each level (T3); never who.
create table member_levels (
  org_id bigint not null,
  year bigint not null,
  excellent bigint not null,
  good bigint not null,
  done bigint not null,
  failed bigint not null,
  unreviewed bigint not null,
  at bigint not null,
  by_person bigint,
  version bigint not null default 1,
  primary key (org_id, year)
);

-- Why a result was corrected, with what it was before. The audit trail names ids and words only.
create table level_change (
  org_id bigint not null,
  change_id bigint not null,
  year bigint not null,
  subject text not null,
  before text not null,
  after text not null,
  reason text not null,
  at bigint not null,
  by_person bigint,
  primary key (org_id, change_id)
);
create index level_change_by_year on level_change (org_id, year);
