"""Between PyTorch's parameters and states and Keepstep's.

Keepstep's order, in every list: for each layer, for each of its directions, W_xh, W_hh, b_h (a GRU's b_xn and b_hn
after it), W_hr of a projection; then W_hq and b_q. Keepstep's matrices are PyTorch's transposed.
"""

import torch


def chains(configuration):
    """PyTorch's suffix and Keepstep's of every layer and direction, in Keepstep's order."""
    for layer in range(configuration.layers):
        for direction in ("", "_reverse")[: configuration.directions]:
            yield f"_l{layer}{direction}", (f"_l{layer}" if layer else "") + direction


# Weights.


def value(parameter):
    """A parameter's value."""
    return parameter.detach()


def gradient(parameter):
    """A parameter's gradient."""
    return parameter.grad


def either(ih, hh):
    """The gradient of b_h: that of either bias, as PyTorch's two are equal but for rounding."""
    rounding = 100 * torch.finfo(ih.dtype).eps
    assert (ih - hh).abs().max() <= rounding * ih.abs().max(), "the gradients of PyTorch's two biases differ"
    return ih


def weights(network):
    """The weights under Keepstep's names, in its order; b_h is the sum of PyTorch's two biases."""
    return to_keepstep(network, value, torch.add)


def gradients(network):
    """The gradients under Keepstep's names, in its order."""
    return to_keepstep(network, gradient, either)


def to_keepstep(network, of, merged):
    """What `of` takes from PyTorch's parameters, under Keepstep's names; `merged` makes one of two biases."""
    configuration, tensors = network.configuration, {}
    parameters = {name: of(parameter) for name, parameter in network.rnn.named_parameters()}
    for theirs, ours in chains(configuration):
        tensors |= chain_tensors(configuration, parameters, theirs, ours, merged)
    tensors["W_hq"] = of(network.out.weight).T
    if configuration.output_bias:
        tensors["b_q"] = of(network.out.bias)
    return {name: tensor.contiguous().clone() for name, tensor in tensors.items()}


def chain_tensors(configuration, parameters, theirs, ours, merged):
    """The tensors of one layer and direction."""
    tensors = {"W_xh": parameters["weight_ih" + theirs].T, "W_hh": parameters["weight_hh" + theirs].T}
    if configuration.bias:
        ih, hh = parameters["bias_ih" + theirs], parameters["bias_hh" + theirs]
        tensors |= merge_biases(configuration, ih, hh, merged)
    if configuration.projection:
        tensors["W_hr"] = parameters["weight_hr" + theirs].T
    return {name + ours: tensor for name, tensor in tensors.items()}


def merge_biases(configuration, ih, hh, merged):
    """Keepstep's biases of one layer and direction: only a GRU's candidate gate keeps its two apart."""
    if configuration.cell != "gru":
        return {"b_h": merged(ih, hh)}
    shared = 2 * configuration.hidden
    return {"b_h": merged(ih[:shared], hh[:shared]), "b_xn": ih[shared:], "b_hn": hh[shared:]}


def split_biases(configuration, tensors, suffix):
    """PyTorch's two biases of one layer and direction. Each takes half of b_h, so that their sum is exact."""
    half = tensors["b_h" + suffix] / 2
    if configuration.cell != "gru":
        return half, half
    return torch.cat([half, tensors["b_xn" + suffix]]), torch.cat([half, tensors["b_hn" + suffix]])


def load_keepstep(network, tensors):
    """Sets all of a network's parameters to Keepstep's weights."""
    configuration, parameters = network.configuration, {}
    for theirs, ours in chains(configuration):
        parameters["rnn.weight_ih" + theirs] = tensors["W_xh" + ours].T
        parameters["rnn.weight_hh" + theirs] = tensors["W_hh" + ours].T
        if configuration.bias:
            ih, hh = split_biases(configuration, tensors, ours)
            parameters["rnn.bias_ih" + theirs], parameters["rnn.bias_hh" + theirs] = ih, hh
        if configuration.projection:
            parameters["rnn.weight_hr" + theirs] = tensors["W_hr" + ours].T
    parameters["out.weight"] = tensors["W_hq"].T
    if configuration.output_bias:
        parameters["out.bias"] = tensors["b_q"]
    network.load_state_dict(parameters)  # copies, and is strict about names and shapes


# States.


def state_sizes(configuration):
    """The states' names and widths in Keepstep's order: H [B, P] of each layer and direction, an LSTM's C [B, H]."""
    sizes = {}
    for _, ours in chains(configuration):
        sizes["H" + ours] = configuration.state
        if configuration.cell == "lstm":
            sizes["C" + ours] = configuration.hidden
    return sizes


def to_torch_states(configuration, states):
    """PyTorch's h_0 [L·D, B, P], or its pair of that and c_0 [L·D, B, H]."""
    suffixes = [ours for _, ours in chains(configuration)]
    h = torch.stack([states["H" + ours] for ours in suffixes])
    return (h, torch.stack([states["C" + ours] for ours in suffixes])) if configuration.cell == "lstm" else h


def to_keepstep_states(configuration, last):
    """PyTorch's h_n, or its pair of h_n and c_n, under Keepstep's names."""
    h, c = last if configuration.cell == "lstm" else (last, None)
    states = {}
    for index, (_, ours) in enumerate(chains(configuration)):
        states["H" + ours] = h[index]
        if c is not None:
            states["C" + ours] = c[index]
    return states
