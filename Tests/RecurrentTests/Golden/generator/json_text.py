"""Writing JSON: one line a tensor, as flat row-major lists; numbers in their shortest form that reads back the same."""

import numpy as np
import torch


class Line(dict):
    """A dictionary that stands on one line."""


def json_text(value, indent=""):
    """JSON with an indented line for every key, but tensors, tuples and lines each on one line."""
    deeper = indent + "  "
    if isinstance(value, torch.Tensor):
        numbers = [number_text(number) for number in value.detach().numpy().reshape(-1)]
        return numbers[0] if value.ndim == 0 else "[" + ",".join(numbers) + "]"
    if isinstance(value, tuple):
        return "[" + ",".join(json_text(entry) for entry in value) + "]"
    if isinstance(value, Line):
        return "{" + ", ".join(f'"{name}": {json_text(entry)}' for name, entry in value.items()) + "}"
    if isinstance(value, dict):
        entries = [f'{deeper}"{name}": {json_text(entry, deeper)}' for name, entry in value.items()]
        return "{\n" + ",\n".join(entries) + f"\n{indent}}}"
    if isinstance(value, list):
        return "[\n" + ",\n".join(deeper + json_text(entry, deeper) for entry in value) + f"\n{indent}]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return f'"{value}"' if isinstance(value, str) else repr(value)


def number_text(number):
    """A number in its shortest form, which reads back the same, also by a reader that goes through float64."""
    text = str(number)
    assert np.isfinite(number) and type(number)(float(text)) == number, f"{text} does not read back"
    return text


def write(path, content):
    """Writes the file, which names its source first, and says how large it is."""
    source = {"source": f"torch {torch.__version__.split('+')[0]}"}
    path.write_text(json_text(source | content) + "\n", encoding="utf-8")
    print(f"{path.name}: {path.stat().st_size} bytes")
