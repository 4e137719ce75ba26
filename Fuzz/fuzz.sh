#!/usr/bin/env bash
# fuzz.sh [TARGET…]: builds the fuzz targets with libFuzzer and AddressSanitizer and runs each for FUZZ_SECONDS (60).
#
# Ends with status 1 when one of them crashed, took 10 seconds for one input or 2 GiB of memory. Each begins with the corpus
# that is checked in; what it finds goes to .build/fuzz/corpus, an input that failed to .build/fuzz/failures.
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=${FUZZ_SECONDS:-60}
targets=("$@")
[ ${#targets[@]} -gt 0 ] || targets=(safetensors npz npy csv store hyperparameters config)
work=$PWD/.build/fuzz
library=$work/release/libKeepstepFuzz.a
fuzzer=$work/keepstep-fuzz

# A package's identity is its folder's name, so the libraries' own are told apart by path alone.
swift build --package-path Fuzz --scratch-path "$work" -c release --product KeepstepFuzz \
  --sanitize=address -Xswiftc -sanitize=fuzzer
swiftc -use-ld=lld -sanitize=fuzzer,address -o "$fuzzer" "$library" $(pkg-config --libs libarchive sqlite3 zlib) -lstdc++

# The Swift runtime's own crash report would take a minute of each failure, and a stack for each piece of memory half of
# the time.
export SWIFT_BACKTRACE=enable=no ASAN_OPTIONS=detect_leaks=0:malloc_context_size=4:quarantine_size_mb=16
failed=()
for target in "${targets[@]}"; do
  mkdir -p "$work/corpus/$target" "$work/failures/$target"
  echo "fuzz: $target, $seconds seconds" >&2
  KEEPSTEP_FUZZ_TARGET=$target nice -n 19 "$fuzzer" "$work/corpus/$target" "Fuzz/Corpus/$target" \
    -max_total_time="$seconds" -rss_limit_mb=2048 -timeout=10 -max_len=4096 -print_final_stats=1 \
    -artifact_prefix="$work/failures/$target/" >"$work/$target.log" 2>&1 </dev/null || failed+=("$target")
  grep -E '^stat::(number_of_executed_units|new_units_added|peak_rss_mb)' "$work/$target.log" >&2 || true
done
[ ${#failed[@]} -eq 0 ] || { echo "error: failed: ${failed[*]}; see $work/TARGET.log" >&2; exit 1; }
