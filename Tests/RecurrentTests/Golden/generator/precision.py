"""Inputs of few digits, expected values without noise, and how far PyTorch's float32 is from its float64."""

import math

import torch

INPUT_DECIMALS = 3
EXPECTED_DIGITS = 12  # of a tensor's largest entry, behind its first


def short(values):
    """A tensor, or every tensor of a dictionary, in float32 with three digits after the point."""
    if isinstance(values, dict):
        return {name: short(tensor) for name, tensor in values.items()}
    return values.double().round(decimals=INPUT_DECIMALS).float()


def without_noise(tensor):
    """The tensor, exact to 1e-12 of its largest entry: further digits differ from machine to machine."""
    return tensor.round(decimals=EXPECTED_DIGITS - math.floor(math.log10(tensor.abs().max())))


def cast(tensors, dtype):
    """Every tensor of a dictionary in dtype."""
    return {name: tensor.to(dtype) for name, tensor in tensors.items()}


def distance(rounded, exact):
    """The largest difference of two tensors, relative to the largest entry of `exact`."""
    largest = exact.abs().max().item()
    assert largest > 0, "a tensor of zeros tells nothing"
    return (rounded.double() - exact).abs().max().item() / largest


def assert_close(exact, rounded, tolerance, where):
    """Every tensor of `rounded`, at any depth, is within `tolerance` of that of `exact`."""
    for name, value in exact.items():
        if isinstance(value, torch.Tensor):
            apart = distance(rounded[name], value)
            assert apart <= tolerance, f"{where}, {name}: {apart} apart"
        else:
            assert_close(value, rounded[name], tolerance, f"{where}, {name}")
