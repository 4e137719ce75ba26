#!/usr/bin/env bash
# portability.sh: shows that the kernels give the same bits on other processors, and how accurate exp, tanh and sigmoid
# are; README.md says what that proves. Fails at the first difference. Builds into .build/portability.
set -euo pipefail

cd "$(dirname "$0")/.."
sources=Sources/CKernels
build=.build/portability
cross=aarch64-linux-gnu
failures=0

fail() {
  echo "error: $*" >&2
  exit 1
}

# The clang that builds the package: the one beside swift.
find_clang() {
  local swift candidate
  swift=$(command -v swift) || swift=
  for candidate in "${CLANG:-}" "${swift%/*}/clang" "$(readlink -f "${swift:-/}" | xargs dirname)/clang" clang; do
    if [ -n "$candidate" ] && command -v "$candidate" >/dev/null; then
      echo "$candidate"
      return
    fi
  done
  fail "there is no clang beside swift or in PATH; name one in CLANG"
}

check_tools() {
  [ "$(uname -s) $(uname -m)" = "Linux x86_64" ] \
    || fail "this compares with x86-64, on Linux; README.md says how to add a platform"
  local tool
  for tool in "$cross-gcc" qemu-aarch64 qemu-x86_64; do
    command -v "$tool" >/dev/null \
      || fail "$tool is missing; on Debian: apt-get install gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user"
  done
}

# compile FOLDER FLAG...: objects of the kernels, with the flags of a release and nothing that could change their bits,
# and of the programs here, which leave no sum to be contracted either.
compile() {
  local folder=$1 source object
  shift
  mkdir -p "$folder/kernels" "$folder/programs"
  for source in "$sources"/*.c; do
    object=$(basename "$source" .c).o
    "$clang" "$@" -std=gnu11 -O2 -I "$sources/include" -c "$source" -o "$folder/kernels/$object"
  done
  for source in Portability/*.c Portability/*/*.c; do
    object=${source#Portability/}
    object=${object//\//-}
    "$clang" "$@" -std=gnu11 -O2 -ffp-contract=off -Wall -Wextra -Werror -I "$sources/include" -I Portability \
      -c "$source" -o "$folder/programs/${object%.c}.o"
  done
}

# link PROGRAM FOLDER LINKER...: all objects of a folder but the other program's.
link() {
  local program=$1 folder=$2 object
  shift 2
  local objects=("$folder"/kernels/*.o)
  for object in "$folder"/programs/*.o; do
    case ${object##*/} in
      digests.o | accuracy.o) [ "${object##*/}" = "$program.o" ] || continue ;;
      *) [ "$program" = digests ] || continue ;;
    esac
    objects+=("$object")
  done
  "$@" "${objects[@]}" -lm -lpthread -o "$folder/$program"
}

build_programs() {
  rm -rf "$build"
  mkdir -p "$build/digests"
  compile "$build/x86-64"
  link digests "$build/x86-64" "$clang"
  link accuracy "$build/x86-64" "$clang"
  compile "$build/aarch64" "--target=$cross" -isystem "/usr/$cross/include"
  link digests "$build/aarch64" "$cross-gcc" -static
}

# The platforms; each runs a program of one folder. Nehalem has neither AVX nor a fused multiply-add, and Cortex-A53 is
# an aarch64 of the first version.
platforms=(x86-64 nehalem cortex-a53)

run_on() {
  local platform=$1
  shift
  case $platform in
    x86-64) "$build/x86-64/digests" "$@" ;;
    nehalem) qemu-x86_64 -cpu Nehalem "$build/x86-64/digests" "$@" ;;
    cortex-a53) qemu-aarch64 -cpu cortex-a53 "$build/aarch64/digests" "$@" ;;
  esac
}

# The sets that a platform runs: all that it offers, and the naive twins but for Nehalem, where they tell of libm's
# fmaf only and take minutes.
sets_on() {
  local found expected
  found=$(run_on "$1" sets | xargs)
  case $1 in
    x86-64) expected="scalar*naive" ;;
    nehalem) expected="scalar naive" ;;
    cortex-a53) expected="scalar neon naive" ;;
  esac
  # shellcheck disable=SC2053 # a pattern
  [[ $found == $expected ]] || fail "$1 offers the sets \"$found\", not \"$expected\""
  [ "$1" != nehalem ] || found=${found% naive}
  echo "$found"
}

# print_digests PLATFORM SET: into a file of its own.
print_digests() {
  local name=$build/digests/$1-$2 start=$SECONDS
  if run_on "$1" "$2" >"$name.part"; then
    echo "$((SECONDS - start))" >"$name.seconds"
    mv "$name.part" "$name"
  fi
}

# Runs all platforms and sets, the slowest first, as many at once as there are processors.
print_all_digests() {
  local platform set sets
  for platform in nehalem cortex-a53 x86-64; do
    sets=$(sets_on "$platform")
    for set in $sets; do
      while [ "$(jobs -rp | wc -l)" -ge "$(nproc)" ]; do
        wait -n || true
      done
      print_digests "$platform" "$set" &
    done
  done
  wait
}

# compare PLATFORM SET REFERENCE: prints a row of the table.
compare() {
  local name=$build/digests/$1-$2 equal=yes lines=- seconds=- where=
  if [ -f "$name" ]; then
    lines=$(wc -l <"$name")
    seconds=$(<"$name.seconds")
    if ! cmp -s "$name" "$3"; then
      equal=NO
      where=$(diff "$3" "$name" | sed -n '2p; /^---$/{n;p;q}') || true
    fi
  else
    equal="NO, ended with an error"
  fi
  printf '%-12s %-8s %6s %8s  %s\n' "$1" "$2" "$lines" "$seconds" "$equal"
  if [ "$equal" != yes ]; then
    failures=$((failures + 1))
    [ -z "$where" ] || printf 'the first difference, < expected, > found:\n%s\n' "$where"
  fi
}

compare_digests() {
  local platform set sets reference=$build/digests/x86-64-naive
  [ -s "$reference" ] || fail "the naive kernels print no digests"
  printf '%-12s %-8s %6s %8s  %s\n' platform set lines seconds "equal to x86-64's naive"
  for platform in "${platforms[@]}"; do
    sets=$(sets_on "$platform")
    for set in $sets; do
      compare "$platform" "$set" "$reference"
    done
  done
  if grep DIVERGED "$reference"; then
    fail "a training that diverges shows little"
  fi
}

# The trainings that the tests of the Swift code have, too, end with the tests' literals.
compare_with_tests() {
  local digest name count=0
  while read -r digest name; do
    count=$((count + 1))
    if ! grep -qF "\"${digest#"${digest%%[!0]*}"}\"" Tests/RecurrentTests/*DigestTests.swift; then
      echo "$name: $digest is no literal of Tests/RecurrentTests"
      failures=$((failures + 1))
    fi
  done < <(grep 'tested training' "$build/digests/x86-64-naive")
  [ "$count" -gt 0 ] || fail "there are no trainings to compare with the tests"
  echo "$count trainings compared with the literals of Tests/RecurrentTests"
}

# All floats, under all sets but the scalar one, which would take minutes: the digests have a sample of it.
measure_accuracy() {
  local sets
  sets=$("$build/x86-64/digests" sets | sed '/scalar/d; /naive/d' | sed '$d')
  # shellcheck disable=SC2086 # one word a set
  "$build/x86-64/accuracy" $sets || failures=$((failures + 1))
}

check_tools
clang=$(find_clang)
build_programs
print_all_digests
compare_digests
compare_with_tests
measure_accuracy
echo "total: $SECONDS s"
[ "$failures" = 0 ] || fail "$failures of these comparisons failed"
