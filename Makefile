# Two commands for a fresh machine with Rust, make and a C compiler:
#   make run    build and start the demonstration at http://127.0.0.1:8080
#   make test   install what the tests need, then run every check
.DEFAULT_GOAL := help
.PHONY: help run test schema

CARGO_TARGET_DIR ?= target
LISTEN ?= 127.0.0.1:8080
DEMO ?= target/demo

help:
	@echo "make run    chạy thử với dữ liệu mẫu tại http://$(LISTEN)"
	@echo "make test   cài những gì còn thiếu rồi chạy mọi kiểm tra"
	@echo "make bench  đo tốc độ, ghi vào target/bench/results.tsv"
	@echo "make bench-nation  đo cả nước trên PostgreSQL (mặc định 1/10), ghi vào target/bench/nation.tsv"

run:
	cargo build --locked --profile quick -p nep
	exec $(CARGO_TARGET_DIR)/quick/nep demo --data $(DEMO) --listen $(LISTEN)

test:
	exec scripts/test.sh

# make bench: what is fast, how fast.
-include bench/bench.mk

# Writes schema/*.sql anew after a change of migrations/.
schema:
	NEP_WRITE_SCHEMA=1 cargo test --locked -p nep --no-default-features --test schema
