"""The losses, each the mean over everything it counts."""

from torch import nn


def loss_of(name, q, y, delta=None):
    """The loss of q [T, B, O]: over all elements of y [T, B, O], or over the T·B classes of y [T, B, 1]."""
    if name == "cross_entropy":
        return nn.functional.cross_entropy(q.flatten(0, 1), y.flatten().long())
    if name == "huber":
        return nn.functional.huber_loss(q, y, delta=delta)
    return {"mse": nn.functional.mse_loss, "l1": nn.functional.l1_loss}[name](q, y)
