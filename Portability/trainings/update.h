// Clipping and one update of all tensors: Clipping and the rules of Sources/Recurrent, with PyTorch's defaults.
#ifndef UPDATE_H
#define UPDATE_H

#include "network.h"

// The norm of all gradients as PyTorch counts them: a bias that stands for two counts twice.
double gradient_norm(network *n);

void clip_gradients(network *n, double norm);

// The update of a step (from 1). Returns 0 if something is not finite afterwards.
int update(network *n, int step);

#endif
