# make bench: measures the program on its demonstration data; about five minutes once built.
#   make bench                        the release build
#   make bench BENCH_PROFILE=quick    the build that `make run` uses
#   make bench BENCH_ARGS='--only page.home,save'
# Results: target/bench/results.tsv (name, value, unit) and results.txt (the table).
.PHONY: bench

BENCH_PROFILE ?= release
BENCH_ARGS ?=

bench:
	cargo build --locked --profile $(BENCH_PROFILE) -p nep
	cargo build --locked --profile $(BENCH_PROFILE) -p nep-bench
	$(or $(CARGO_TARGET_DIR),target)/$(BENCH_PROFILE)/nep-bench run --nep $(or $(CARGO_TARGET_DIR),target)/$(BENCH_PROFILE)/nep \
	  --profile $(BENCH_PROFILE) --out target/bench $(BENCH_ARGS)

# make bench-nation: a part of the nation on PostgreSQL, as one database.
#   make bench-nation              a tenth: 25,000 cells, 560,000 members, one year of months
#   make bench-nation NATION=1     all of it: 250,000 cells, 5,600,000 members; 40 minutes, 32 GB of disk
# Results: target/bench/nation.tsv
.PHONY: bench-nation

NATION ?= 10

bench-nation:
	cargo build --locked --profile $(BENCH_PROFILE) -p nep
	cargo build --locked --profile $(BENCH_PROFILE) -p nep-bench
	scripts/nation.sh $(NATION) $(BENCH_PROFILE)
