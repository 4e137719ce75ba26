"""Has onnxruntime run .onnx exports: check_onnx.py KEEPSTEP CASES GOLDEN

CASES has a line a trained network, NAME and the options of `keepstep train`; beside it lie NAME.onnx and NAME.csv, its
predictions. GOLDEN is Tests/RecurrentTests/Golden/cells.json: each of its networks goes through `keepstep train --init`
and `keepstep export`, and onnxruntime must then compute PyTorch's outputs and final states from its initial states.
"""

import csv
import json
import subprocess
import sys

import numpy as np
import onnx
import onnxruntime
from safetensors.numpy import save_file

TOLERANCE = 1e-5


def session(path):
    """A checked file, ready to run."""
    onnx.checker.check_model(onnx.load(path), full_check=True)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3  # it warns of every initial state that has a default
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def run(session, feed):
    """Outputs by their names."""
    return dict(zip([output.name for output in session.get_outputs()], session.run(None, feed), strict=True))


def words_of(options, name, default):
    """What stands behind an option."""
    return options[options.index(name) + 1] if name in options else default


def trained(name, options):
    """The largest difference from Keepstep's predictions, of the largest of them; states go from window to window."""
    model = session(f"{name}.onnx")
    inputs, outputs = model.get_inputs()[0].shape[2], model.get_outputs()[0].shape[2]
    with open(f"{name}.csv", newline="", encoding="utf-8") as file:
        _, *rows = csv.reader(file)
    x = np.array([row[1 : 1 + inputs] for row in rows], np.float32)[:, None, :]
    expected = np.array([row[-outputs:] for row in rows], np.float64)
    window, states, predictions = int(words_of(options, "--window", "10")), {}, []
    for start in range(0, len(x), window):
        results = run(model, {"x": x[start : start + window], **states})
        predictions.append(results["q"][:, 0])
        states = {"h_0": results["h_n"]} | ({"c_0": results["c_n"]} if "c_n" in results else {})
    return np.abs(np.concatenate(predictions) - expected).max() / np.abs(expected).max()


class Golden:
    """A network of cells.json."""

    def __init__(self, number, case):
        self.number, self.case, self.sizes = number, case, case["configuration"]
        self.path = f"golden-{number}"

    def options(self):
        """Those of `keepstep train`."""
        sizes = self.sizes
        options = ["--cell", sizes["cell"], "--hidden-size", sizes["H"], "--num-layers", sizes["num_layers"]]
        options += ["--proj-size", sizes["proj_size"]]
        options += ["--nonlinearity", sizes["nonlinearity"]] if sizes["cell"] == "rnn" else []
        options += ["--bidirectional"] if sizes["bidirectional"] else []
        options += [] if sizes["bias"] else ["--no-bias"]
        return [str(option) for option in options]

    def export(self, keepstep, batch_first):
        """Writes the weights, and has Keepstep make an .onnx file of them."""
        weights = {w["name"]: np.array(w["values"], np.float32).reshape(w["shape"]) for w in self.case["weights"]}
        save_file(weights, f"{self.path}.safetensors")
        features = list(map(str, range(self.sizes["I"] + self.sizes["O"])))  # the columns' names in a .npy file
        name = f"{self.path}-{'batch' if batch_first else 'time'}"
        np.save(f"{name}.npy", np.zeros((2, 2, len(features)), np.float32))
        inputs, targets = features[: self.sizes["I"]], features[self.sizes["I"] :]
        columns = ["--inputs", ",".join(inputs), "--targets", ",".join(targets)]
        data = ["--data", f"{name}.npy", *columns, "--window", "1", "--batch-size", "2"]
        order = "--batch-first" if batch_first else "--no-batch-first"
        train = ["train", "--quiet", "--store", "golden.db", "--steps", "0", "--name", name, order, *data]
        command = [keepstep, *train, "--init", f"{self.path}.safetensors", *self.options()]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        export = ["export", "--quiet", "--store", "golden.db", f"{name}@0", "-o", f"{name}.onnx"]
        subprocess.run([keepstep, *export], check=True)
        return session(f"{name}.onnx")

    def states(self, tensors, name):
        """[L·D, B, …]."""
        return np.stack([np.array(t["values"]).reshape(t["shape"]) for t in tensors if t["name"].startswith(name)])

    def apart(self, keepstep, batch_first):
        """The largest difference from PyTorch's outputs and final states."""
        sizes, expected = self.sizes, self.case["expected"]
        model = self.export(keepstep, batch_first)
        names = ["H", "C"] if sizes["cell"] == "lstm" else ["H"]
        x = np.array(self.case["x"], np.float32).reshape(sizes["T"], sizes["B"], sizes["I"])
        x = x.swapaxes(0, 1) if batch_first else x
        feed = {f"{n.lower()}_0": self.states(self.case["initial_states"], n).astype(np.float32) for n in names}
        results = run(model, {"x": x, **feed})
        q = np.array(expected["q"]).reshape(sizes["T"], sizes["B"], sizes["O"])
        wanted = {"q": q.swapaxes(0, 1) if batch_first else q}
        wanted |= {f"{n.lower()}_n": self.states(expected["final_states"], n) for n in names}
        self.require_defaults(model, x, feed)
        if results.keys() != wanted.keys():
            sys.exit(f"error: {self.path}: outputs are {sorted(results)}, not {sorted(wanted)}")
        if any(results[name].shape != wanted[name].shape for name in wanted):
            sys.exit(f"error: {self.path}: shapes are {[r.shape for r in results.values()]}")
        return max(np.abs(results[name] - wanted[name]).max() for name in wanted)

    def require_defaults(self, model, x, feed):
        """Initial states that are left out are zeros, for any number of streams and time steps."""
        without = run(model, {"x": x})
        zeros = run(model, {"x": x, **{name: np.zeros_like(state) for name, state in feed.items()}})
        if any(not np.array_equal(without[name], zeros[name]) for name in without):
            sys.exit(f"error: {self.path}: initial states that are left out are not zeros")


def report(name, apart):
    """Is it within the tolerance?"""
    same = bool(apart < TOLERANCE)  # false for NaN
    if not same or not name.startswith("golden"):
        print(f"{name:28} {apart:.1e} apart: {'the same' if same else 'DIFFERENT'}")
    return same


keepstep, cases, golden = sys.argv[1:]
with open(cases, encoding="utf-8") as file:
    results = [report(name, trained(name, words)) for name, *words in map(str.split, file)]
version = f"onnxruntime {onnxruntime.__version__}"
print(f"{version}: {sum(results)} of {len(results)} networks predict the same within {TOLERANCE:g} of the largest")
with open(golden, encoding="utf-8") as file:
    networks = [Golden(number, case) for number, case in enumerate(json.load(file)["cases"])]
apart = {(n.path, order): n.apart(keepstep, order) for n in networks for order in (False, True)}
same = [report(f"{path}{' --batch-first' if order else ''}", value) for (path, order), value in apart.items()]
print(
    f"{version}: {sum(same)} of {len(same)} golden combinations are PyTorch's within {TOLERANCE:g}, "
    f"the farthest {max(apart.values()):.1e} apart"
)
sys.exit(not all(results + same))
