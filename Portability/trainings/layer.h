// One direction of one recurrent layer and its memory of a window: Layer and LayerWindow of Sources/Recurrent.
//
// T time steps, B streams, H hidden units, P floats of a state, G gates in the weights. Rows (t, b) lie in the order of
// time, also where the layer reads backwards.
#ifndef LAYER_H
#define LAYER_H

#include "CKernels.h"
#include "matrix.h"
#include "settings.h"
#include "tensor.h"

enum { MOST_DIRECTIONS = 2, MOST_GROUPS = 2, MOST_TENSORS = 6 };

// Rows [T · B, width], side by side.
typedef struct rows {
  float *at;
  size_t width;
} rows;

// Gates side by side whose products are one.
typedef struct group {
  size_t column, gates;  // the first in the weights, and how many, in units of H
  size_t place;          // the first in a row of Z, in units of H
  const tensor *bias;
  ks_start start;  // of its chains
  size_t parts;
  matrix weights[MOST_DIRECTIONS], transposed[MOST_DIRECTIONS];  // for each part of the input
} group;

typedef struct layer {
  const ks_kernels *kernels;
  const settings *settings;
  size_t place;  // its number in the order of the tensors
  int is_reverse;
  int has_layer_below;

  size_t tensor_count;
  tensor tensors[MOST_TENSORS];  // W_xh, W_hh, the biases, W_hr
  size_t group_count;            // of the input; of the hidden state there are as many
  group input[MOST_GROUPS], state[MOST_GROUPS];
  const tensor *projection;
  matrix projected, unprojecting;  // W_hr [H, P] and its transpose

  float *hidden, *cell;             // H [T + 1, B, P] and C [T + 1, B, H]; the carried one stands first, or last
  float *tanh_cell, *unprojected;   // [T, B, H]
  float *gates;                     // Z, the activations, then dL/dZ [T, B, places · H]; NULL for an RNN
  float *slope;                     // dL/dH [T, B, P]; an RNN's dL/dZ, too
  float *cell_slope;                // dL/dC [B, H]
  float *unprojected_slope;         // dL/dH [B, H] before the projection
  float *dropped;                   // H after dropout [T, B, P], or NULL
} layer;

// Fills in a layer that stays where it is.
void set_layer(layer *l, const ks_kernels *kernels, const settings *s, size_t number, int is_reverse);

// H of the window's time steps [T, B, P], and of the steps before them.
float *states(const layer *l);
float *previous_states(const layer *l);
float *cells(const layer *l);
float *previous_cells(const layer *l);

// The time that is the i-th to be computed.
size_t time_of(const layer *l, size_t i);

void pack_layer(const layer *l);
void layer_forward(const layer *l, size_t parts, const rows *inputs);
void layer_backward(const layer *l);
// Adds dL/dX of one part of the input to `into`; the first direction starts it.
void layer_input_slope(const layer *l, size_t part, rows into, int is_first);
void layer_gradients(const layer *l, size_t parts, const rows *inputs);

// Carries the last states over into the next window.
void carry(layer *l);

#endif
