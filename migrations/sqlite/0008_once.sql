-- Which sendings have been carried out: a request that changes something in a running meeting carries
-- a key, kept in the transaction of its change, so that a sending whose answer was lost is not carried
-- out twice. A key belongs to who sent it; old ones go.
create table once (
  org_id bigint not null,
  person_id bigint not null,
  once_key text not null,
  at bigint not null,
  primary key (org_id, person_id, once_key)
) without rowid;
create index once_by_age on once (org_id, at);
