// What one training is: the network, its data, its loss and its optimizer.
#ifndef SETTINGS_H
#define SETTINGS_H

#include <stddef.h>

typedef enum cell_kind { RNN_TANH, RNN_RELU, LSTM, GRU } cell_kind;

typedef enum loss_kind { SQUARED, ABSOLUTE, HUBER, CROSS_ENTROPY } loss_kind;

typedef enum optimizer_kind { ADAM, ADAMW, SGD, RMSPROP } optimizer_kind;

typedef struct settings {
  const char *name;
  cell_kind cell;
  size_t length, batch;             // T and B of a window
  size_t inputs, hidden, outputs;   // I, H and O
  size_t layers, directions;        // L and D
  size_t projection;                // of an LSTM's states; 0 for none
  int has_no_bias;                  // in the recurrent layers
  double dropout;
  loss_kind loss;
  optimizer_kind optimizer;
  double learning_rate, momentum, weight_decay;
  int nesterov;
  double most_norm, most_value;  // of the gradients; 0 for no limit
  int steps;
} settings;

// P, floats of a state.
static inline size_t state_size(const settings *s) { return s->projection > 0 ? s->projection : s->hidden; }

// G, gates side by side in the weights.
static inline size_t gate_count(const settings *s) { return s->cell == LSTM ? 4 : s->cell == GRU ? 3 : 1; }

// Gates in a row of Z: a GRU's are r, z, n and q.
static inline size_t place_count(const settings *s) { return s->cell == LSTM || s->cell == GRU ? 4 : 1; }

#endif
