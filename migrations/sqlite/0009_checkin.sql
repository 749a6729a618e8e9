-- Self check-in: the secret of its codes while it is open, who marked a line of the roll, wrong codes
-- of a member, and what a line was before the last entry by number, so that it can be taken back.

alter table room add column code_secret text;
alter table room add column code_since bigint;

alter table roll add column marked_by text;
alter table roll add column marked_at bigint;
alter table roll add column tries bigint not null default 0;
alter table roll add column entry_id bigint;
alter table roll add column was text;

-- Until now only whoever took the roll changed a line.
update roll set marked_by = 'secretary' where version > 1;
