"""Makes NAME.onnx from NAME.torch.safetensors.

pip install onnx==1.23.2 onnxruntime==1.32.0 torch==2.13.0 safetensors==0.8.0 numpy

The graphs are made with onnx.helper, from PyTorch's tensors and not from Keepstep's. Each is checked by onnx.checker,
and onnxruntime must predict with it what PyTorch does, outputs and final states, with initial states and without. The
tests compare Keepstep's bytes with these, so the names and the order of operators are Keepstep's
(Sources/Interchange/ONNX*.swift).
"""

import json
import os

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import TensorProto, helper, numpy_helper
from safetensors.torch import load_file

FOLDER = os.path.dirname(os.path.abspath(__file__))
# ONNX's gates by PyTorch's numbers: i, o, f, c of i, f, g, o, and z, r, h of r, z, n.
ORDER = {"RNN_TANH": [0], "RNN_RELU": [0], "LSTM": [0, 3, 1, 2], "GRU": [1, 0, 2]}
OPERATOR = {"RNN_TANH": "RNN", "RNN_RELU": "RNN", "LSTM": "LSTM", "GRU": "GRU"}
SCALING = {"x": ([1.5, -2, 1e6], [0.1, 3, 1000]), "q": ([10, -0.3], [7, 1e-3])}  # offsets, scales
METADATA = {"digest": "00ff", "inputs": json.dumps(["a", "größe", "c"], ensure_ascii=False), "step": "300"}


class Graph:
    """Nodes and constants, in their order."""

    def __init__(self):
        self.nodes, self.constants, self.inputs = [], [], []

    def add(self, operator, inputs, outputs, **attributes):
        self.nodes.append(helper.make_node(operator, inputs, outputs, **attributes))
        return outputs[0]

    def constant(self, name, values, dtype=np.float32):
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values, dtype), name))
        return name


def value(name, *axes):
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, axes)


class Exporter:
    """One torch.nn.RNN, LSTM or GRU with a torch.nn.Linear behind it."""

    def __init__(self, rnn, linear, batch_first, scaled):
        self.rnn, self.linear, self.batch_first, self.scaled = rnn, linear, batch_first, scaled
        self.directions = 2 if rnn.bidirectional else 1
        self.places = rnn.num_layers * self.directions
        self.graph = Graph()

    def axes(self, features):
        return ["batch", "time", features] if self.batch_first else ["time", "batch", features]

    def chain(self, tensor, name, last, links):
        """Links of the form (operator, operands, attributes)."""
        for index, (operator, operands, attributes) in enumerate(links):
            output = last if last and index == len(links) - 1 else f"{name}_{operator}_{index}"
            tensor = self.graph.add(operator, [tensor, *operands], [output], **attributes)
        return tensor

    def scaling(self, name, *operators):
        if not self.scaled:
            return []
        offsets, scales = SCALING[name]
        numbers = {"offset": offsets, "scale": scales}
        links = [("Cast", [], {"to": TensorProto.DOUBLE})]
        for operator, kind in operators:
            links.append((operator, [self.graph.constant(f"{name}_{kind}", numbers[kind], np.float64)], {}))
        return [*links, ("Cast", [], {"to": TensorProto.FLOAT})]

    def swapped(self):
        return [("Transpose", [], {"perm": [1, 0, 2]})] if self.batch_first else []

    def initial(self, name, size, part):
        self.graph.inputs.append(value(name, self.places, "streams", size))
        self.graph.constant(name, np.zeros((self.places, 1, size)))
        tensor = self.graph.add("Expand", [name, "state_shape"], [f"{name}_all"])
        count = self.places // part
        if count == 1:
            return [tensor]
        parts = [f"{name}_{index}" for index in range(count)]
        sizes = self.graph.constant(f"{name}_sizes", [part] * count, np.int64)
        self.graph.add("Split", [tensor, sizes], parts, axis=0)
        return parts

    def tensors(self, stem, layer):
        """Of a layer's directions, gate by gate in PyTorch's order."""
        suffixes = [f"_l{layer}", f"_l{layer}_reverse"][: self.directions]
        return [getattr(self.rnn, stem + suffix).detach().split(self.rnn.hidden_size) for suffix in suffixes]

    def ordered(self, gates):
        return torch.cat([gates[index] for index in ORDER[self.rnn.mode]])

    def layer(self, layer, rows, initial, layout):
        rnn, graph = self.rnn, self.graph
        w = graph.constant(f"W_{layer}", torch.stack([self.ordered(g) for g in self.tensors("weight_ih", layer)]))
        r = graph.constant(f"R_{layer}", torch.stack([self.ordered(g) for g in self.tensors("weight_hh", layer)]))
        b = ""
        if rnn.bias:
            biases = []
            for x, h in zip(self.tensors("bias_ih", layer), self.tensors("bias_hh", layer)):
                sums, zeros = [a + b for a, b in zip(x, h)], [torch.zeros_like(a) for a in x]
                if rnn.mode == "GRU":
                    sums[2], zeros[2] = x[2], h[2]
                biases.append(torch.cat([self.ordered(sums), self.ordered(zeros)]))
            b = graph.constant(f"B_{layer}", torch.stack(biases))
        attributes = {"direction": "bidirectional" if rnn.bidirectional else "forward", "hidden_size": rnn.hidden_size}
        if OPERATOR[rnn.mode] == "RNN":
            attributes["activations"] = ["Relu" if rnn.mode == "RNN_RELU" else "Tanh"] * self.directions
        if rnn.mode == "GRU":
            attributes["linear_before_reset"] = 1
        outputs = [f"y_{layer}", f"h_n_{layer}"] + ([f"c_n_{layer}"] if rnn.mode == "LSTM" else [])
        y = graph.add(OPERATOR[rnn.mode], [rows, w, r, b, "", *initial], outputs, **attributes)
        if not rnn.bidirectional:
            return graph.add("Squeeze", [y, layout], [f"rows_{layer}"])
        turned = graph.add("Transpose", [y], [f"turned_{layer}"], perm=[0, 2, 1, 3])
        return graph.add("Reshape", [turned, layout], [f"rows_{layer}"])

    def layers(self, rows):
        rnn, graph = self.rnn, self.graph
        states = [self.initial(name, rnn.hidden_size, self.directions) for name in self.state_names()]
        if rnn.bidirectional:
            layout = graph.constant("row_shape", [0, 0, -1], np.int64)
        else:
            layout = graph.constant("row_axis", [1], np.int64)
        for layer in range(rnn.num_layers):
            rows = self.layer(layer, rows, [state[layer] for state in states], layout)
        return rows

    def state_names(self):
        return ["h_0", "c_0"] if self.rnn.mode == "LSTM" else ["h_0"]

    def projected_layers(self, rows):
        """A Scan over the time steps; one direction is enough here."""
        rnn, graph = self.rnn, self.graph
        states = [self.initial("h_0", rnn.proj_size, 1), self.initial("c_0", rnn.hidden_size, 1)]
        axis = graph.constant("place_axis", [0], np.int64)
        sizes = graph.constant("gate_sizes", [rnn.hidden_size] * 4, np.int64)
        for layer in range(rnn.num_layers):
            ours = f"_l{layer}" if layer else ""
            initial = [graph.add("Squeeze", [state[layer], axis], [f"{state[layer]}_flat"]) for state in states]
            tensor = {
                name: getattr(rnn, f"{name}_l{layer}").detach()
                for name in ("weight_ih", "weight_hh", "weight_hr", "bias_ih", "bias_hh")
            }
            w = graph.constant(f"W_xh{ours}", tensor["weight_ih"].T)
            z = graph.add("MatMul", [rows, w], [f"z_x{ours}"])
            b = graph.constant(f"b_h{ours}", tensor["bias_ih"] + tensor["bias_hh"])
            z = graph.add("Add", [z, b], [f"z_b{ours}"])
            hidden = graph.constant(f"W_hh{ours}", tensor["weight_hh"].T)
            projection = graph.constant(f"W_hr{ours}", tensor["weight_hr"].T)
            outputs = [f"{name}_of{ours}" for name in "hcy"]
            body = self.body(ours, hidden, projection, sizes)
            graph.add("Scan", [*initial, z], outputs, body=body, num_scan_inputs=1)
            graph.add("Unsqueeze", [outputs[0], axis], [f"h_n_{layer}"])
            graph.add("Unsqueeze", [outputs[1], axis], [f"c_n_{layer}"])
            rows = outputs[2]
        return rows

    def body(self, ours, hidden, projection, sizes):
        """One time step."""
        graph, P, H = Graph(), self.rnn.proj_size, self.rnn.hidden_size

        def add(operator, inputs, output, **attributes):
            return graph.add(operator, inputs, [f"{output}_at{ours}"], **attributes)

        h, c, zx = (f"{name}_at{ours}" for name in ("h", "c", "z_x"))
        z = add("Add", [zx, add("MatMul", [h, hidden], "z_h")], "z")
        parts = [f"z_{gate}_at{ours}" for gate in "ifgo"]
        graph.add("Split", [z, sizes], parts, axis=1)
        i = add("Sigmoid", parts[:1], "i")
        f = add("Sigmoid", parts[1:2], "f")
        g = add("Tanh", parts[2:3], "g")
        o = add("Sigmoid", parts[3:], "o")
        kept = add("Mul", [f, c], "c_kept")
        c_next = add("Add", [kept, add("Mul", [i, g], "c_new")], "c_next")
        u = add("Mul", [o, add("Tanh", [c_next], "c_tanh")], "u")
        h_next = add("MatMul", [u, projection], "h_next")
        y = add("Identity", [h_next], "y")
        inputs = [value(h, "batch", P), value(c, "batch", H), value(zx, "batch", 4 * H)]
        outputs = [value(h_next, "batch", P), value(c_next, "batch", H), value(y, "batch", P)]
        return helper.make_graph(graph.nodes, f"step{ours}", inputs, outputs)

    def model(self):
        rnn, linear, graph = self.rnn, self.linear, self.graph
        graph.inputs.append(value("x", *self.axes(rnn.input_size)))
        rows = self.chain("x", "x", None, self.scaling("x", ("Sub", "offset"), ("Div", "scale")) + self.swapped())
        one = graph.constant("one", [1], np.int64)
        shape = graph.add("Shape", [rows], ["x_shape"])
        batch = graph.add("Gather", [shape, one], ["x_batch"])
        graph.add("Concat", [one, batch, one], ["state_shape"], axis=0)
        rows = self.projected_layers(rows) if rnn.proj_size else self.layers(rows)
        for name in self.state_names():
            parts = [f"{name[0]}_n_{index}" for index in range(rnn.num_layers)]
            graph.add("Concat", parts, [f"{name[0]}_n"], axis=0)
        links = [("MatMul", [graph.constant("W_hq", linear.weight.detach().T)], {})]
        if linear.bias is not None:
            links.append(("Add", [graph.constant("b_q", linear.bias.detach())], {}))
        links += self.scaling("q", ("Mul", "scale"), ("Add", "offset")) + self.swapped()
        self.chain(rows, "q", "q", links)
        states = rnn.proj_size or rnn.hidden_size
        outputs = [value("q", *self.axes(linear.out_features)), value("h_n", self.places, "batch", states)]
        if rnn.mode == "LSTM":
            outputs.append(value("c_n", self.places, "batch", rnn.hidden_size))
        made = helper.make_graph(graph.nodes, "keepstep", graph.inputs, outputs, graph.constants)
        model = helper.make_model(
            made, ir_version=7, producer_name="keepstep", opset_imports=[helper.make_opsetid("", 13)]
        )
        helper.set_model_props(model, METADATA)
        return model


@torch.no_grad()
def assert_predicts(model, exporter):
    """onnxruntime against PyTorch."""
    rnn, linear = exporter.rnn, exporter.linear
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    x = torch.randn(7, 3, rnn.input_size)
    offsets, scales = (torch.tensor(numbers, dtype=torch.float64) for numbers in SCALING["x"])
    feed = {"x": (x.double() * scales + offsets).float() if exporter.scaled else x}
    states = [torch.randn(exporter.places, 3, rnn.proj_size or rnn.hidden_size)]
    if rnn.mode == "LSTM":
        states.append(torch.randn(exporter.places, 3, rnn.hidden_size))
    for given in (None, states):
        hidden, final = rnn(x, None if given is None else tuple(given) if len(given) == 2 else given[0])
        q = linear(hidden)
        if exporter.scaled:
            offsets, scales = (torch.tensor(numbers, dtype=torch.float64) for numbers in SCALING["q"])
            q = q * scales + offsets
        expected = [q, *(final if isinstance(final, tuple) else [final])]
        inputs = {name: tensor.numpy() for name, tensor in [*feed.items(), *zip(exporter.state_names(), given or [])]}
        if exporter.batch_first:
            inputs["x"], expected[0] = inputs["x"].swapaxes(0, 1), expected[0].transpose(0, 1)
        for output, tensor in zip(session.run(None, inputs), expected, strict=True):
            # A float32 of a million is 0.03 off, which is 3e-5 of that input's scale, and q's scale is 7.
            np.testing.assert_allclose(output, tensor.numpy(), atol=2e-4 if exporter.scaled else 1e-6)


def export(name, make, batch_first=False, scaled=False):
    torch.manual_seed(2)
    tensors = load_file(os.path.join(FOLDER, f"{name}.torch.safetensors"))
    rnn = make()
    rnn.load_state_dict({key.rsplit(".", 1)[1]: tensor for key, tensor in tensors.items() if "_l" in key})
    output = {key.rsplit(".", 1)[1]: tensor for key, tensor in tensors.items() if "_l" not in key}
    linear = torch.nn.Linear(output["weight"].shape[1], output["weight"].shape[0], bias="bias" in output)
    linear.load_state_dict(output)
    exporter = Exporter(rnn, linear, batch_first, scaled)
    model = exporter.model()
    onnx.checker.check_model(model, full_check=True)
    assert_predicts(model, exporter)
    path = os.path.join(FOLDER, f"{name}.onnx")
    with open(path, "wb") as file:
        file.write(model.SerializeToString(deterministic=True))
    print(f"{name}.onnx: {os.path.getsize(path)} bytes")


gru = dict(num_layers=2, bidirectional=True)
export("gru_bidirectional_2_layers", lambda: torch.nn.GRU(3, 4, **gru), batch_first=True, scaled=True)
export("lstm_projected_2_layers", lambda: torch.nn.LSTM(3, 5, num_layers=2, proj_size=2))
export("lstm_bidirectional", lambda: torch.nn.LSTM(2, 3, bidirectional=True))
relu = dict(num_layers=3, nonlinearity="relu", bias=False)
export("rnn_relu_3_layers_without_bias", lambda: torch.nn.RNN(2, 3, **relu))
