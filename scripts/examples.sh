#!/usr/bin/env bash
# examples.sh CONFIGURATION: builds the package in Examples/, runs its program, and compares the last line of its output with
# Examples/README.md.
#
# Builds in the repository's own .build, where the library lies built already, for Examples/ depends on just that.
set -euo pipefail
cd "$(dirname "$0")/.."

configuration=${1:?usage: examples.sh debug|release}
"${SWIFT:-swift}" build -c "$configuration" --package-path Examples --scratch-path .build --product Sunspots

program=$PWD/.build/$configuration/Sunspots
data=$PWD/data/sunspots.csv
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
last=$(cd "$work" && "$program" "$data" | tail -n 1)
echo "$last"
grep -qxF -- "$last" Examples/README.md || { echo "error: Examples/README.md does not have this line" >&2; exit 1; }
