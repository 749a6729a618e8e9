-- Programmes of changes of the tree (phương án sắp xếp): prepared over days, decided, carried out on their
-- day in one step. `items` is what is asked for; `plan` the sentences as they were carried out.
create table programme (
  org_id bigint not null,
  programme_id bigint not null,
  state text not null,
  title text not null,
  on_date text,
  document text not null,
  items text not null,
  plan text,
  trouble text,
  made_at bigint not null,
  made_by bigint,
  approved_at bigint,
  approved_by bigint,
  carried_at bigint,
  undone_at bigint,
  undone_by bigint,
  version bigint not null default 1,
  primary key (org_id, programme_id)
);
create index programme_by_day on programme (state, on_date);

-- Every row a programme changed or made, as it was and as it became, so that it can be taken back exactly.
create table programme_row (
  org_id bigint not null,
  programme_id bigint not null,
  seq bigint not null,
  source text not null,
  row_key text not null,
  before text,
  after text not null,
  primary key (org_id, programme_id, seq)
);
