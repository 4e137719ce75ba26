// What happens between the products of a time step: RNN, LSTM and GRU of Sources/Recurrent.
#ifndef CELL_H
#define CELL_H

#include "layer.h"

// From Z(t) to H(t).
void cell_forward(const layer *l, size_t t);

// From dL/dH(t) to dL/dZ(t). `is_last` is the time that is computed last, where an LSTM's dL/dC starts; `dh_previous`
// [B, P] is dL/dH of the time that t starts from, NULL where that is the carried one.
void cell_backward(const layer *l, size_t t, int is_last, float *dh_previous);

// The gradients of the weights that the cell itself has.
void cell_gradients(const layer *l);

#endif
