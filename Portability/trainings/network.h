// Layers in one or two directions, dropout between them and a linear layer on top: Network of Sources/Recurrent.
#ifndef NETWORK_H
#define NETWORK_H

#include "layer.h"

enum { MOST_PLACES = 4 };

typedef struct network {
  const ks_kernels *kernels;
  const settings *settings;
  size_t place_count;  // layers and directions
  layer places[MOST_PLACES];
  tensor w_hq, b_q;  // [D·P, O] and [O]
  matrix output_transposed[MOST_DIRECTIONS];
  float *inputs;                 // X [T, B, I]
  float *targets;                // Y [T, B, O], or class numbers [T, B]
  float *outputs, *output_slope; // Q and dL/dQ [T, B, O]
} network;

// Fills in a network that stays where it is.
void set_network(network *n, const ks_kernels *kernels, const settings *s);

void network_forward(const network *n, uint64_t step);
void network_backward(const network *n, uint64_t step);

// Calls `visit` for every tensor, in the order of the flat buffers of Sources/Recurrent.
void for_each_tensor(network *n, void (*visit)(tensor *t, void *context), void *context);

#endif
