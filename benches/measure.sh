#!/bin/sh
# Start to ready and memory while reading, from the sandbox's own numbers; three runs.
#   benches/measure.sh target/release/dateline
set -eu
binary=${1:?usage: benches/measure.sh BINARY}
for run in 1 2 3; do
    echo "run $run"
    "$binary" sandbox --once | sed -n '/── numbers/,$p' | tail -n +3
done
