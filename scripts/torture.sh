#!/usr/bin/env bash
# torture.sh [--write]: runs every campaign of faults with its full counts and prints the table of what came of it; with
# --write also into docs/reliability.md. Exits 1 when a campaign found a violation, or did not run to its end.
#
# A campaign is a test that makes a `Campaign`: its suite is found by that word in the test's file, and bears the file's
# name. What the tests print goes to .build/torture.log.
set -euo pipefail
cd "$(dirname "$0")/.."

swift=${SWIFT:-swift}
tests=Tests/KeepstepCLITests
page=docs/reliability.md
log=$PWD/.build/torture.log
report=$PWD/.build/torture.jsonl
failed=0

# These measure how long something takes, so they have the machine to themselves.
measuring='CrowdTests FrozenTrainerTests WatchfulnessTests'

case ${1:-} in
  '' | --write) ;;
  *)
    echo "usage: scripts/torture.sh [--write]" >&2
    exit 64
    ;;
esac

# Which suites use campaigns, a name a line; with --making, only those whose own file makes them.
suites() {
  local word='\<Campaign\>'
  [ "${1:-}" = --making ] && word='\<Campaign('
  grep -rl --include='*Tests.swift' "$word" "$tests" | sed 's|.*/||; s|\.swift$||' | sort
}

# run SUITE...: runs these suites.
run() {
  local names
  names=$(tr ' ' '|' <<<"$*")
  KEEPSTEP_TORTURE=1 KEEPSTEP_TORTURE_REPORT=$report \
    "$swift" test -c release --skip-build --filter "KeepstepCLITests\\.($names)/" 2>&1 | tee -a "$log" \
    | { grep -a --line-buffered -E ' faults, [0-9]+ violations|recorded an issue|error:' >&2 || true; } || failed=1
}

# The machine and the program, a fact a line.
facts() {
  local place store
  place=${TMPDIR:-/tmp}
  store=$(mktemp -d)
  .build/release/keepstep train --quiet --steps 1 --store "$store/keepstep.db" >/dev/null
  date -u +%Y-%m-%d
  echo "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $(nproc) cores"
  echo "Linux $(uname -r), $(df --output=fstype "$place" | tail -n 1)"
  .build/release/keepstep check --store "$store/keepstep.db" | sed -n 's/.*\(SQLite [0-9.]*\).*/\1/p' | head -n 1
  echo "$(git rev-parse --short HEAD)$(git diff --quiet HEAD -- Sources Tests migrations || echo ' with changes')"
  rm -rf "$store"
}

# The table, from the report; names on standard error what went wrong and exits 1 then.
table() {
  # shellcheck disable=SC2046  # names of suites are words
  python3 - "$report" "$(facts)" $(suites --making) <<'PYTHON'
import json
import sys

path, facts, *suites = sys.argv[1:]
date, processor, system, sqlite, commit = facts.split("\n")
with open(path, encoding="utf-8") as file:
    campaigns = [json.loads(line) for line in file]
campaigns.sort(key=lambda campaign: (campaign["file"], campaign["name"]))


def cell(text):
    return str(text).replace("|", "\\|").replace("\n", " ")


print(f"`make torture` on {date}, commit {commit}: {processor}; {system}; {sqlite}.\n")
print("| campaign | faults provoked | violations | minutes | note |")
print("| --- | ---: | ---: | ---: | --- |")
for campaign in campaigns:
    note = campaign["note"] if campaign["finished"] else f"DID NOT FINISH {campaign['note']}"
    values = (campaign["name"], f"{campaign['faults']:,}", campaign["violations"], f"{campaign['seconds'] / 60:.1f}", note)
    print("| " + " | ".join(map(cell, values)) + " |")
faults, violations = (sum(campaign[key] for campaign in campaigns) for key in ("faults", "violations"))
print(f"| **all** | {faults:,} | {violations} | | {len(campaigns)} campaigns |")

absent = sorted(set(suites) - {campaign["file"].removesuffix(".swift") for campaign in campaigns})
unfinished = [campaign["name"] for campaign in campaigns if not campaign["finished"]]
if absent:
    print(f"\nThese did not run: {', '.join(absent)}.")
for problem in [f"{name} did not run" for name in absent] + [f"{name} did not finish" for name in unfinished]:
    print(f"error: {problem}", file=sys.stderr)
if violations:
    print(f"error: {violations} violations; see .build/torture.log", file=sys.stderr)
sys.exit(bool(absent or unfinished or violations))
PYTHON
}

# Puts a text between the two marks of the page.
write() {
  python3 - "$page" "$1" <<'PYTHON'
import os
import sys

path, table = sys.argv[1:]
begin, end = "<!-- torture: begin -->\n", "<!-- torture: end -->\n"
with open(path, encoding="utf-8") as file:
    text = file.read()
if text.count(begin) != 1 or text.count(end) != 1:
    sys.exit(f"error: {path} has not one {begin.strip()} and one {end.strip()}")
head, rest = text.split(begin)
with open(path + ".new", "w", encoding="utf-8") as file:
    file.write(head + begin + table + "\n" + end + rest.split(end)[1])
os.replace(path + ".new", path)
PYTHON
}

mkdir -p .build
: >"$log"
: >"$report"
"$swift" build -c release --build-tests
together=
alone=
for suite in $(suites); do
  case " $measuring " in
    *" $suite "*) alone+=" $suite" ;;
    *) together+=" $suite" ;;
  esac
done
# shellcheck disable=SC2086  # names of suites are words
[ -z "$together" ] || run $together
for suite in $alone; do run "$suite"; done

text=$(table) || failed=1
printf '%s\n' "$text"
[ "${1:-}" != --write ] || write "$text"
[ "$failed" = 0 ] || echo "error: not every campaign passed; what the tests said is in .build/torture.log" >&2
exit "$failed"
