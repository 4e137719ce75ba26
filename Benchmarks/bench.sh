#!/usr/bin/env bash
# `make bench`: how fast Keepstep trains and starts. Prints a Markdown table; see README.md beside this file.
#
# Environment: BENCH_RUNS (5) long runs, BENCH_STARTS (20) short ones, BENCH_DIR where the stores are made
# (.build/bench; it should lie on the disk that your stores lie on, not in memory).
set -euo pipefail
cd "$(dirname "$0")/.."
keepstep=$PWD/.build/release/keepstep
runs=${BENCH_RUNS:-5}
starts=${BENCH_STARTS:-20}
steps=200000

mkdir -p "${BENCH_DIR:-.build/bench}"
folder=$(mktemp -d "${BENCH_DIR:-$PWD/.build/bench}/XXXXXX")
trap 'rm -rf "$folder"' EXIT

# Microseconds on the clock.
now() { echo "${EPOCHREALTIME/[.,]/}"; }

# Runs keepstep in a store of its own and prints the microseconds from its start to its end.
timed() {
  local began
  rm -f "$folder"/keepstep.db*
  began=$(now)
  "$keepstep" train --quiet --store "$folder/keepstep.db" "$@" >/dev/null
  echo $(($(now) - began))
}

value() { "$keepstep" query --store "$folder/keepstep.db" --format csv "$1" | tail -n 1; }

# Minimum and median of the numbers on standard input.
spread() { sort -n | awk '{ v[NR] = $1 } END { print v[1], v[int((NR + 1) / 2)] }'; }

whole=() trained=()
for ((run = 0; run < runs; run++)); do
  whole+=("$(timed --steps $steps)")
  trained+=("$(value 'SELECT CAST(1e6 * train_seconds AS INTEGER) FROM run_summary')")
done
recorded=$(value "SELECT count(*) FROM steps")
[ "$recorded" = $steps ] || { echo "error: $recorded of $steps steps are recorded" >&2; exit 1; }
instructions=$(value "SELECT instruction_set FROM segments")
megabytes=$(($(stat -c %s "$folder/keepstep.db") / 1000000))

short=()
timed >/dev/null  # the program comes from the disk the first time
for ((run = 0; run < starts; run++)); do short+=("$(timed)"); done

read -r whole_best whole_median < <(printf '%s\n' "${whole[@]}" | spread)
read -r trained_best trained_median < <(printf '%s\n' "${trained[@]}" | spread)
read -r short_best short_median < <(printf '%s\n' "${short[@]}" | spread)

cpu=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo 2>/dev/null | head -n 1)
awk -v date="$(date -u +%Y-%m-%d)" -v cpu="${cpu:-$(uname -m)}" -v cores="$(getconf _NPROCESSORS_ONLN)" \
  -v isa="$instructions" -v disk="$(df --output=fstype "$folder" | tail -n 1)" -v load="$(cut -d ' ' -f 1 /proc/loadavg)" \
  -v version="$("$keepstep" --version)" -v steps=$steps -v runs="$runs" -v starts="$starts" -v mb="$megabytes" \
  -v wb="$whole_best" -v wm="$whole_median" -v tb="$trained_best" -v tm="$trained_median" \
  -v sb="$short_best" -v sm="$short_median" '
  function rate(us) { return sprintf("%d steps/s", steps * 1e6 / us) }
  function ms(us) { return sprintf("%.1f ms", us / 1000) }
  function met(ratio) { return sprintf("%s (%.2f x)", ratio >= 1 ? "reached" : "missed", ratio) }
  BEGIN {
    printf "%s, %s, %d cores, %s; Keepstep %s; stores on %s (%d MB each); load average %s at the end\n\n",
      date, cpu, cores, isa, version, disk, mb, load
    print "| what | goal | best | median | best against the goal |"
    print "| --- | --- | --- | --- | --- |"
    printf "| %d steps of the default job, every step recorded, whole process (%d runs) | 100000 steps/s | %s | %s | %s |\n",
      steps, runs, rate(wb), rate(wm), met(steps * 1e6 / wb / 100000)
    printf "| the same, training time only | | %s | %s | |\n", rate(tb), rate(tm)
    printf "| `keepstep train`, 300 steps, process start to end (%d runs) | 100 ms | %s | %s | %s |\n",
      starts, ms(sb), ms(sm), met(100000 / sb)
    if (disk == "tmpfs") print "\nnote: these stores lay in memory; set BENCH_DIR to a folder on a disk"
  }'
