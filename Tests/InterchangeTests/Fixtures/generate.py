"""Makes torch_rnn.safetensors with the real packages: pip install torch==2.13.0 safetensors==0.8.0 numpy

A torch.nn.RNN (3 inputs, 4 hidden units) and a torch.nn.Linear (2 outputs) in one module, as people write it. The
values are small fractions of integers, exact in float32, so that a test can compute them again:
value k of tensor n (both from 0, in the order below) is ((n + 1) * 37 + k * 11) % 64 / 32 - 1.
"""

import os

import torch
from safetensors.torch import save_file


class Forecaster(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = torch.nn.RNN(3, 4, nonlinearity="tanh")
        self.head = torch.nn.Linear(4, 2)


model = Forecaster()
with torch.no_grad():
    for n, parameter in enumerate(model.parameters()):
        k = torch.arange(parameter.numel())
        parameter.copy_((((n + 1) * 37 + k * 11) % 64 / 32 - 1).reshape(parameter.shape))

path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "torch_rnn.safetensors")
save_file(model.state_dict(), path, metadata={"format": "pt"})
for name, tensor in model.state_dict().items():
    print(name, list(tensor.shape))
