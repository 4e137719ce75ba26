#!/usr/bin/env bash
# Trains, exports under PyTorch's names, and has PyTorch load the weights and predict the same.
set -euo pipefail
cd "$(dirname "$0")/.."

keepstep=$PWD/.build/release/keepstep
python=$PWD/.venv/bin/python
generator=$PWD/Tests/RecurrentTests/Golden/generate.py
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

# check RUN OPTIONS...: exports the run, predicts, and compares; the options go to the generator.
check() {
  local run=$1
  shift
  "$keepstep" export "$run@best" -o weights.safetensors --names torch
  "$keepstep" predict "$run@best" -o predictions.csv
  "$python" "$generator" check-export weights.safetensors predictions.csv "$@"
}

"$keepstep" train --quiet --name seed
check seed
"$keepstep" train --quiet --name relu --nonlinearity relu --hidden-size 16 --learning-rate 0.005
check relu --nonlinearity relu
