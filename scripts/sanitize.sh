#!/usr/bin/env bash
# sanitize.sh [address|thread]...: builds all under a sanitizer (both in turn by default), runs the tests and the program
# under it, and fails on the first kind of report. What was said goes to .build/sanitize/NAME.log.
#
#   address  AddressSanitizer with LeakSanitizer, and UndefinedBehaviorSanitizer in the C targets
#   thread   ThreadSanitizer
#
# Left out: under both the campaigns of faults, which kill processes, refuse calls and limit memory from outside, and measure
# time: a killed process reports nothing, and a sanitizer's own terabytes of address space break the limits. Under
# ThreadSanitizer also all that knows one thread only: files, tables, pictures, C kernels by themselves, and the tests that
# train each kind of network from each of its checkpoints, which make it slow and show it nothing new.
set -euo pipefail
cd "$(dirname "$0")/.."

swift=${SWIFT:-swift}
folder=$PWD/.build/sanitize
fault_suites='CellKill|Corruption|Crowd|EveryWrite|FailedCall|Frozen[A-Z][a-z]*|FullDisk|InterruptedResume|Kill|MergeFault|MigrationKill|PowerCut|Watchfulness'
threaded='(Recorder|StopSignals|TrainingProgress|TrainingSessionStart|Retention)Tests|TrainingSessionResumeTests/(stopsAt|snapshots|aStop)'
# A child that got into a test's folder has the test's options: reports of all processes end up in files there.
# Tests ask for more memory than there is, and expect a refusal.
common=exitcode=86:allocator_may_return_null=1

# What others leave for the process's end, a piece a process: XCTest's runner, Foundation's Process and its reading of files
# in /proc, the parser of arguments. Foundation's Data marks the pointers to what it holds, so that LeakSanitizer can't follow
# them: what lives on to the end in a global or in a cached statement looks lost.
leaks=$folder/leaks.txt

# The options of `swift build` and `swift test` for a sanitizer.
flags() {
  case $1 in
    address) echo --sanitize=address -Xcc -fsanitize=undefined ;;
    thread) echo --sanitize=thread ;;
  esac
  echo -c release --scratch-path "$folder/$1"
}

# Is the program really under the sanitizer? Then it lists its options.
is_instrumented() {
  local options
  options=$(ASAN_OPTIONS=help=1 TSAN_OPTIONS=help=1 "$folder/$1/release/keepstep" --version 2>&1) || true
  grep -qi "Available flags for ${1}Sanitizer" <<<"$options"
}

# suites NAME: the tests that run under it, as options of `swift test`.
suites() {
  case $1 in
    address) echo --skip "KeepstepCLITests\\.($fault_suites)Tests/" ;;
    thread) echo --filter "(RunStoreTests|KeepstepCLITests\\.(Thread|Signal|Resume|Merge|Backup)Tests|TrainingTests\\.($threaded))" ;;
  esac
}

# sanitize NAME: builds and runs; 1 when a test fails or something was reported.
sanitize() {
  local name=$1 log=$folder/$1.log reports=$folder/$1.reports status=0 began=$SECONDS found
  local -a flags suites
  read -ra flags <<<"$(flags "$name" | tr '\n' ' ')"
  read -ra suites <<<"$(suites "$name")"
  rm -rf "$reports"
  mkdir -p "$reports"
  echo "sanitize: building under ${name}Sanitizer" >&2
  if ! "$swift" build --build-tests "${flags[@]}" >"$log" 2>&1; then
    tail -n 40 "$log" >&2
    echo "error: the build under ${name}Sanitizer failed; all it said is in $log" >&2
    return 1
  fi
  if ! is_instrumented "$name"; then
    echo "error: the program that was built is not under ${name}Sanitizer" >&2
    return 1
  fi
  echo "sanitize: built in $((SECONDS - began)) s; testing" >&2
  export ASAN_OPTIONS=$common:detect_leaks=1:malloc_context_size=12:log_path=$reports/address
  export LSAN_OPTIONS=suppressions=$leaks:print_suppressions=0
  export UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1:log_path=$reports/undefined
  export TSAN_OPTIONS=$common:history_size=4:log_path=$reports/thread
  "$swift" test --skip-build "${flags[@]}" "${suites[@]}" >>"$log" 2>&1 || status=$?
  grep -aE 'recorded an issue|^✘|error:|Test run with' "$log" >&2 || true
  # A refused request for too much memory is noted there, too, and is no finding.
  found=$(grep -lrE 'ERROR: [A-Za-z]+Sanitizer|WARNING: ThreadSanitizer: |runtime error: ' "$reports" || true)
  if [ -n "$found" ]; then
    xargs -r -d '\n' head -n 60 <<<"$found" >&2
    echo "error: ${name}Sanitizer reports something in $(wc -l <<<"$found") processes; see $reports" >&2
    return 1
  fi
  if [ "$status" != 0 ]; then
    echo "error: tests failed under ${name}Sanitizer; what they said is in $log" >&2
    return 1
  fi
  echo "${name}Sanitizer: nothing reported, $((SECONDS - began)) s" >&2
}

[ $# -gt 0 ] || set -- address thread
for name; do
  case $name in
    address | thread) ;;
    *)
      echo "usage: scripts/sanitize.sh [address|thread]..." >&2
      exit 64
      ;;
  esac
done
mkdir -p "$folder"
printf 'leak:%s\n' libXCTest.so Foundation7ProcessC3run \
  FoundationEssentials17readBytesFromFile FoundationEssentials4DataV ArgumentParser8InputKeyV8fullPath >"$leaks"
failed=0
for name; do sanitize "$name" || failed=1; done
exit "$failed"
