#!/bin/sh
# Fuzzes a target for so many seconds (600): libFuzzer over its corpus and our fixtures. New inputs go to
# a folder that is not kept; an input that fails is written to `crashes/` and printed.
#
#   tests/fuzz/run.sh [SECONDS] [clean|feeds|urls]
set -eu
cd "$(dirname "$0")"
seconds=${1:-600}
target=${2:-clean}
case $target in
clean) corpus="corpus ../fixtures/pages" ;;
feeds) corpus="../fixtures/feeds ../fixtures/pages" ;;
urls) corpus="corpus-urls" ;;
*) echo "no such target: $target" >&2; exit 2 ;;
esac
mkdir -p "target/found/$target" crashes
# What cargo-fuzz passes for coverage, without a sanitizer: safe Rust needs none, and stable Rust does.
RUSTFLAGS="-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
-Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
-Cllvm-args=-sanitizer-coverage-trace-compares --cfg fuzzing -Ccodegen-units=1"
export RUSTFLAGS
host=$(rustc -vV | sed -n 's/^host: //p')
# Named, so that build scripts are compiled without the flags.
cargo build --release --target "$host"
# Several folders: split on purpose.
# shellcheck disable=SC2086
exec "target/$host/release/$target" "target/found/$target" $corpus \
    -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=200000 -artifact_prefix=crashes/
