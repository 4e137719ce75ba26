#!/usr/bin/env bash
# torture-proof.sh [NAME...]: proves that the tests can fail. Puts each seeded bug of Proof/ (or those whose file names begin
# with NAME) into a copy of the sources, runs the test that it names, and expects that to fail. Prints a table.
#
# Exits 1 when a bug is not caught, or when a patch does not apply or does not compile any more, and before anything else when
# a named test fails without a bug. The copy is kept in .build/proof, so that the next time only what has changed is built; what
# the tests said is beside it.
set -euo pipefail
cd "$(dirname "$0")/.."

swift=${SWIFT:-swift}
place=$PWD/.build/proof
copy=$place/source
logs=$place/logs
# Longer than any of these tests takes.
patience=900
# Unoptimized Swift is built again in seconds; the kernels would take minutes to run so.
flags=(-Xcc -O2)

# Brings the copy to what is here, and leaves untouched what is the same, so that it is not built again.
copy_sources() {
  mkdir -p "$copy" "$logs"
  python3 - "$copy" <<'PYTHON'
import filecmp
import os
import pathlib
import shutil
import subprocess
import sys

copy = pathlib.Path(sys.argv[1])
listed = subprocess.run(
    ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], check=True, capture_output=True).stdout
files = {name for name in map(os.fsdecode, listed.split(b"\0")) if name and os.path.isfile(name)}
for name in files:
    if not (copy / name).is_file() or not filecmp.cmp(name, copy / name, shallow=False):
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(name, copy / name)
for folder, folders, names in os.walk(copy):
    if folder == str(copy):
        folders[:] = [name for name in folders if name != ".build"]
    for path in (pathlib.Path(folder) / name for name in names):
        if str(path.relative_to(copy)) not in files:
            path.unlink()
PYTHON
}

# field PATCH NAME: a line of the patch's head.
field() { sed -n "s/^$2: //p" "$1" | head -n 1; }

build() { "$swift" build --package-path "$copy" --build-tests "${flags[@]}"; }

# run_test FULL TEST...: with the counts of `make torture` when FULL is 1.
run_test() {
  local full=$1 filter
  shift
  filter=$(printf '|%s' "$@" | sed 's/^|//; s/\./\\./g')
  KEEPSTEP_TORTURE=${full/0/} timeout "$patience" \
    "$swift" test --package-path "$copy" --skip-build "${flags[@]}" --filter "^($filter)(/|\\()"
}

# prove PATCH: prints `caught`, or what happened instead.
prove() {
  local patch=$1 name log test full=0
  name=$(basename "$patch" .patch)
  log=$logs/$name.log
  test=$(field "$patch" test)
  [ "$(field "$patch" counts)" != full ] || full=1
  if ! GIT_CEILING_DIRECTORIES=$place git -C "$copy" apply "$PWD/$patch" >"$log" 2>&1; then
    echo "does not apply"
  elif ! build >>"$log" 2>&1; then
    echo "does not compile"
  elif run_test "$full" "$test" >>"$log" 2>&1; then
    echo "NOT CAUGHT"
  elif grep -aq '^✘ Test ' "$log"; then
    echo caught
  else
    echo "ended without a failed test"
  fi
}

patches=()
for name in "${@:-}"; do
  found=0
  for patch in Proof/"$name"*.patch; do
    [ -e "$patch" ] || continue
    patches+=("$patch")
    found=1
  done
  if [ "$found" = 0 ]; then
    echo "error: there is no Proof/$name*.patch" >&2
    exit 64
  fi
done

# Without a bug all named tests pass; else their failure would prove nothing.
copy_sources
sample=()
full=()
for patch in "${patches[@]}"; do
  if [ "$(field "$patch" counts)" = full ]; then full+=("$(field "$patch" test)"); else sample+=("$(field "$patch" test)"); fi
done
echo "torture-proof: building without a bug" >&2
began=$SECONDS
if ! { build && { [ ${#sample[@]} = 0 ] || run_test 0 "${sample[@]}"; } && { [ ${#full[@]} = 0 ] || run_test 1 "${full[@]}"; }; } \
  >"$logs/without.log" 2>&1; then
  grep -aE 'error:|^✘' "$logs/without.log" >&2 || true
  echo "error: without any bug the tests fail; what they said is in $logs/without.log" >&2
  exit 1
fi
echo "torture-proof: all named tests pass without a bug, $((SECONDS - began)) s" >&2

failed=0
echo "| bug | test | came of it | seconds |"
echo "| --- | --- | --- | ---: |"
for patch in "${patches[@]}"; do
  began=$SECONDS
  outcome=$(prove "$patch")
  echo "| $(field "$patch" breaks) | \`$(field "$patch" test)\` | $outcome | $((SECONDS - began)) |"
  [ "$outcome" = caught ] || failed=1
  copy_sources
done
[ "$failed" = 0 ] || echo "error: not every bug was caught; what the tests said is in $logs" >&2
exit "$failed"
