# The two commands to know: `make run` and `make test`. Both install what is missing on a fresh Debian 12 machine.
.DEFAULT_GOAL := help
SHELL := /bin/bash
NODE_PATH := $(CURDIR)/.env/node/bin
JOBS ?= $(shell nproc)

.PHONY: help setup web build build-asan build-fuzz run test chaos fuzz demo screenshots lint format bench bench-films clean

help:
	@echo "make run      build, make the demo tenant, serve on https://localhost:8443"
	@echo "make test     build and run every test; the last line is 'N passed, N failed'"
	@echo "make chaos    faults at full length: 1000 kills while calls record, ten minutes at 20 % loss (hours)"
	@echo "make fuzz     every fuzzer for 60 s, then the lines of each parser that were reached"
	@echo "make demo     one whole interview by itself; results in demo-output/"
	@echo "make bench    cost of a packet: ours, Janus and a bare loop side by side (half an hour); bench/results/"
	@echo "make bench-films  speed, size and likeness of films (ten minutes); bench/results/films.md"
	@echo "make lint     style of C++, TypeScript and Python"
	@echo "make format   put C++ and TypeScript into the project's format"

setup:
	@tools/setup

# The web applications are rebuilt only when something under web/ or the contract has changed.
web: setup
	@tools/build-web

build: web
	@cmake -S . -B build/release -G Ninja -DCMAKE_BUILD_TYPE=Release -DTW_BENCH=ON >build/release-configure.log 2>&1 || { cat build/release-configure.log; exit 1; }
	@ninja -C build/release -j$(JOBS) telewitness chaos_relay telewitness-load

build-asan: setup
	@mkdir -p build
	@cmake -S . -B build/asan -G Ninja -DCMAKE_BUILD_TYPE=Debug -DTW_SANITIZE=ON -DTW_BENCH=ON -DTW_WEB=OFF >build/asan-configure.log 2>&1 || { cat build/asan-configure.log; exit 1; }
	@ninja -C build/asan -j$(JOBS)

build-fuzz: setup
	@mkdir -p build
	@cmake -S . -B build/fuzz -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_COMPILER=clang++-16 -DCMAKE_C_COMPILER=clang-16 -DTW_FUZZ=ON -DTW_WEB=OFF >build/fuzz-configure.log 2>&1 || { cat build/fuzz-configure.log; exit 1; }
	@ninja -C build/fuzz -j$(JOBS) fuzzers

run: build
	@exec tools/run

test: build build-asan build-fuzz
	@PATH="$(NODE_PATH):$$PATH" .env/python/bin/python tools/run_tests.py

chaos: build
	@PATH="$(NODE_PATH):$$PATH" CHAOS_KILLS=1000 CHAOS_LONG_S=600 .env/python/bin/python tools/run_tests.py chaos network

fuzz: build-fuzz
	@tools/fuzz

demo: build
	@PATH="$(NODE_PATH):$$PATH" node tests/browser/demo.mjs

screenshots: build
	@PATH="$(NODE_PATH):$$PATH" node tests/browser/screens.mjs

# A build folder of its own: without pages, with what is measured.
bench: setup
	@bench/setup
	@mkdir -p build
	@cmake -S . -B build/bench -G Ninja -DCMAKE_BUILD_TYPE=Release -DTW_BENCH=ON -DTW_WEB=OFF >build/bench-configure.log 2>&1 || { cat build/bench-configure.log; exit 1; }
	@ninja -C build/bench -j$(JOBS) telewitness telewitness-load telewitness-sfu telewitness-floor telewitness-micro
	@.env/bench/bin/python bench/run.py --build build/bench

bench-films: setup
	@mkdir -p build
	@cmake -S . -B build/bench -G Ninja -DCMAKE_BUILD_TYPE=Release -DTW_BENCH=ON -DTW_WEB=OFF >build/bench-configure.log 2>&1 || { cat build/bench-configure.log; exit 1; }
	@ninja -C build/bench -j$(JOBS) processing_test
	@.env/python/bin/python bench/films.py --build build/bench

lint: build-asan
	@PATH="$(NODE_PATH):$$PATH" tools/lint

format: setup
	@PATH="$(NODE_PATH):$$PATH" tools/format

clean:
	rm -rf build test-output demo-output
