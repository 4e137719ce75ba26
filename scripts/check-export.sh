#!/usr/bin/env bash
# Trains networks of every cell, exports them, and has PyTorch, onnxruntime and MLX load them and predict the same; has
# onnxruntime compute PyTorch's golden values from exports of all golden combinations.
set -euo pipefail
cd "$(dirname "$0")/.."

keepstep=${KEEPSTEP:-$PWD/.build/release/keepstep}
python=${PYTHON:-$PWD/.venv/bin/python}
scripts=$PWD/scripts
golden=$PWD/Tests/RecurrentTests/Golden/cells.json
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

# check NAME OPTIONS...: trains with these options, exports and predicts.
check() {
  local name=$1
  shift
  "$keepstep" train --quiet --name "$name" "$@"
  "$keepstep" export "$name@best" --quiet -o "$name.safetensors" --names torch
  "$keepstep" export "$name@best" --quiet -o "$name.onnx"
  # MLX has no projection.
  case $* in
  *--proj-size*) ;;
  *) "$keepstep" export "$name@best" --quiet -o "$name.mlx.safetensors" --names mlx ;;
  esac
  "$keepstep" predict "$name@best" -o "$name.csv"
  echo "$name $*" >>cases
}

check seed
check relu --nonlinearity relu --hidden-size 16 --learning-rate 0.005
for layers in 1 2; do
  for direction in '' --bidirectional; do
    name=$layers$direction
    # Without quotes below: these are words, and an empty direction is none.
    size="--num-layers $layers $direction --hidden-size 12"
    check "rnn-$name" --cell rnn $size
    check "relu-$name" --cell rnn $size --nonlinearity relu --learning-rate 0.005
    check "lstm-$name" --cell lstm $size
    check "projected-$name" --cell lstm $size --proj-size 5
    check "gru-$name" --cell gru $size
  done
done
# Two inputs and two outputs; 309 rows are no multiple of the window: the last one is shorter.
awk 'BEGIN {
  print "a,b,c,d"
  for (t = 0; t < 309; t++) {
    x = t / 5; y = t / 7
    printf "%.5f,%.5f,%.5f,%.5f\n", sin(x), cos(y), sin(x + 1), sin(x) * cos(y)
  }
}' >table.csv
for cell in rnn lstm 'lstm --proj-size 5' gru; do
  check "table-${cell// --proj-size /-projected-}" --cell $cell --num-layers 3 --bidirectional --hidden-size 9 \
    --data table.csv --inputs a,b --targets c,d --window 32 --steps 90 --no-bias
done

"$python" - cases <<'EOF'
"""Loads each export into PyTorch's module, and compares its predictions with Keepstep's."""

import argparse
import csv
import sys

import torch
from safetensors.torch import load_file
from torch import nn

# PyTorch predicts in float64 here, so that what is left is Keepstep's float32: about 1e-7 of each sum, which the states
# carry on through thousands of rows. A gate, a direction, a transpose or a window's border out of place costs 1e-2 and
# more.
TOLERANCE = 1e-5  # of the largest prediction
CELLS = {1: nn.RNN, 3: nn.GRU, 4: nn.LSTM}


def load(tensors, nonlinearity):
    """torch.nn.RNN, LSTM or GRU and torch.nn.Linear, as the tensors' names and shapes tell them."""
    units, inputs = tensors["rnn.weight_ih_l0"].shape
    states = tensors["rnn.weight_hh_l0"].shape[1]
    projected = "rnn.weight_hr_l0" in tensors
    hidden = tensors["rnn.weight_hr_l0"].shape[1] if projected else states
    cell = CELLS[units // hidden]
    options = {"nonlinearity": nonlinearity} if cell is nn.RNN else {}
    if projected:
        options["proj_size"] = states
    rnn = cell(
        inputs,
        hidden,
        num_layers=sum(name.startswith("rnn.weight_hh_l") and not name.endswith("_reverse") for name in tensors),
        bidirectional="rnn.weight_hh_l0_reverse" in tensors,
        bias="rnn.bias_ih_l0" in tensors,
        **options,
    )
    outputs, features = tensors["out.weight"].shape
    network = nn.ModuleDict({"rnn": rnn, "out": nn.Linear(features, outputs, bias="out.bias" in tensors)})
    network.load_state_dict(tensors, strict=True)
    return network.double()


def parse(words):
    """What of the options of `keepstep train` shapes the network and its predictions."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--cell", default="rnn")
    parser.add_argument("--hidden-size", type=int, default=32)
    parser.add_argument("--proj-size", type=int, default=0)
    parser.add_argument("--num-layers", type=int, default=1)
    parser.add_argument("--bidirectional", action="store_true")
    parser.add_argument("--no-bias", dest="bias", action="store_false")
    parser.add_argument("--nonlinearity", default="tanh")
    parser.add_argument("--window", type=int, default=10)
    return parser.parse_known_args(words)[0]


def require_as_asked(name, rnn, options):
    """The export is of the network that was asked for."""
    found = (type(rnn).__name__.lower(), rnn.hidden_size, rnn.proj_size, rnn.num_layers, rnn.bidirectional, rnn.bias)
    sizes = (options.cell, options.hidden_size, options.proj_size, options.num_layers)
    asked = (*sizes, options.bidirectional, options.bias)
    if found != asked:
        sys.exit(f"error: {name}: the export is of (cell, H, P, L, bidirectional, bias) {found}, asked for was {asked}")


def read(path, inputs, outputs):
    """From the rows `row, inputs, targets, predictions`: inputs [T, I] and predictions [T, O]."""
    with open(path, newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    if len(header) != 1 + inputs + 2 * outputs or not rows:
        sys.exit(f"error: {path}: {len(rows)} rows of the columns {header} for {inputs} inputs and {outputs} outputs")
    x = torch.tensor([[float(cell) for cell in row[1 : 1 + inputs]] for row in rows])
    q = torch.tensor([[float(cell) for cell in row[-outputs:]] for row in rows], dtype=torch.float64)
    return x.double(), q  # the inputs are float32's


@torch.no_grad()
def predict(network, x, window):
    """Outputs [T, O] for x [T, I], window by window, as a backward direction begins at each window's end.

    The states of both directions are carried from a window to the next, as in training; the last may be shorter.
    """
    state, outputs = None, []
    for rows in x.split(window):
        hidden, state = network["rnn"](rows, state)
        outputs.append(network["out"](hidden))
    return torch.cat(outputs)


def check(name, options):
    """Are the predictions within the tolerance?"""
    network = load(load_file(f"{name}.safetensors"), options.nonlinearity)
    require_as_asked(name, network["rnn"], options)
    x, keepstep = read(f"{name}.csv", network["rnn"].input_size, network["out"].out_features)
    apart = ((predict(network, x, options.window) - keepstep).abs().max() / keepstep.abs().max()).item()
    same = apart < TOLERANCE  # false for NaN
    print(f"{name:28} {len(x):5} rows, {apart:.1e} apart: {'the same' if same else 'DIFFERENT'}")
    return same


with open(sys.argv[1], encoding="utf-8") as file:
    results = [check(name, parse(words)) for name, *words in map(str.split, file)]
print(f"torch {torch.__version__}: {sum(results)} of {len(results)} networks predict the same within {TOLERANCE:g}")
sys.exit(not all(results))
EOF

"$python" "$scripts/check_onnx.py" "$keepstep" cases "$golden"
"$python" "$scripts/check_mlx.py" cases
