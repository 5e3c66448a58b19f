#!/bin/sh
# Fuzzes for so many seconds (600): libFuzzer over the corpus and our pages. New inputs go to a folder
# that is not kept; an input that fails is written to `crashes/` and printed.
#
#   tests/fuzz/run.sh [SECONDS]
set -eu
cd "$(dirname "$0")"
seconds=${1:-600}
mkdir -p target/found crashes
# What cargo-fuzz passes for coverage, without a sanitizer: safe Rust needs none, and stable Rust does.
RUSTFLAGS="-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
-Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
-Cllvm-args=-sanitizer-coverage-trace-compares --cfg fuzzing -Ccodegen-units=1"
export RUSTFLAGS
host=$(rustc -vV | sed -n 's/^host: //p')
# Named, so that build scripts are compiled without the flags.
cargo build --release --target "$host"
exec "target/$host/release/dateline-fuzz" target/found corpus ../fixtures/pages \
    -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=200000 -artifact_prefix=crashes/
