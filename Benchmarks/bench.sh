#!/usr/bin/env bash
# `make bench`: how fast Keepstep trains, beside PyTorch and JAX. Prints Markdown tables; see README.md beside this file.
#
# Makes the peers' virtual environment, then hands over to bench.py. A peer that can't be installed is left out.
set -euo pipefail
cd "$(dirname "$0")/.."
python=${PYTHON:-python3}
environment=.build/bench-venv
programs=${BENCH_PROGRAMS:-keepstep torch jax}

command -v "$python" >/dev/null || { echo "error: make bench needs Python 3, and there is no $python" >&2; exit 1; }

# Is this version of the package in the environment?
has() {
  "$environment/bin/python" -c "import importlib.metadata as m; assert m.version('$1').startswith('$2.')" 2>/dev/null
}

pip_install() { "$environment/bin/python" -m pip install --quiet --disable-pip-version-check --retries 1 "$@" >&2; }

# need PACKAGE VERSION REQUIREMENT...: installs the first requirement that can be had.
need() {
  local package=$1 version=$2 requirement
  shift 2
  [[ " $programs " == *" $package "* ]] || return 0
  has "$package" "$version" && return 0
  echo "bench: installing $package $version into $environment" >&2
  [ -x "$environment/bin/python" ] || "$python" -m venv "$environment" >&2 || return 0
  for requirement in "$@"; do
    pip_install "$requirement" numpy && return 0
  done
  echo "bench: $package $version can't be installed here" >&2
}

# The CPU build where it is offered under that name; it is all that is measured.
need torch 2.13 torch==2.13.0+cpu torch==2.13.0
need jax 0.10 'jax>=0.10,<0.11'

# Clocks differ from machine to machine and from day to day: what one core could reach at best, right now.
mkdir -p .build/bench
for compiler in "$(dirname "$(readlink -f "$(command -v swift)")")/clang" clang cc; do
  command -v "$compiler" >/dev/null && "$compiler" -O2 Benchmarks/peak.c -o .build/bench/peak 2>/dev/null || continue
  peak=$(.build/bench/peak)
  [ -z "$peak" ] || printf "One core's fused multiply-adds reach %s GFLOP/s now (Benchmarks/peak.c).\n\n" "$peak"
  break
done

exec "$python" -B Benchmarks/bench.py  # -B: no __pycache__ in this folder
