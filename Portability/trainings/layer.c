// A layer's tensors and memory: what is there before the first window, and what stays after each.
#include "layer.h"

#include <string.h>

#include "floats.h"

static tensor *add_tensor(layer *l, tensor t) {
  l->tensors[l->tensor_count] = t;
  return &l->tensors[l->tensor_count++];
}

// A group's matrices; each part of the input meets as many rows of the weights.
static void set_matrices(layer *l, group *g, const tensor *weights, size_t parts, size_t part_rows, int is_transposed) {
  const size_t H = l->settings->hidden, columns = gate_count(l->settings) * H;
  g->parts = parts;
  for (size_t part = 0; part < parts; part++) {
    const float *source = weights->p + part * part_rows * columns + g->column * H;
    g->weights[part] = new_matrix(l->kernels, source, part_rows, g->gates * H, columns, 1);
    if (is_transposed) {
      g->transposed[part] = new_matrix(l->kernels, source, g->gates * H, part_rows, 1, columns);
    }
  }
}

static group new_group(size_t column, size_t gates, size_t place, const tensor *bias) {
  return (group){column, gates, place, bias, bias == NULL ? KS_FROM_ZERO : KS_FROM_BIAS, 0, {{0}}, {{0}}};
}

// The groups of gates with their biases. All but a GRU's candidate go on from what the input's product left.
static void set_groups(layer *l) {
  const settings *s = l->settings;
  const size_t H = s->hidden, G = gate_count(s), together = s->cell == GRU ? 2 : G;
  tensor *b_h = NULL, *b_xn = NULL, *b_hn = NULL;
  if (!s->has_no_bias) {
    b_h = add_tensor(l, new_tensor(together * H, H, INPUT_BIAS, HIDDEN_BIAS, l->place));
    if (s->cell == GRU) {
      b_xn = add_tensor(l, new_tensor(H, H, CANDIDATE_INPUT_BIAS, NOTHING, l->place));
      b_hn = add_tensor(l, new_tensor(H, H, CANDIDATE_HIDDEN_BIAS, NOTHING, l->place));
    }
  }
  l->group_count = s->cell == GRU ? 2 : 1;
  l->input[0] = new_group(0, together, 0, b_h);
  l->state[0] = new_group(0, together, 0, NULL);
  l->state[0].start = KS_CONTINUE;
  if (s->cell == GRU) {
    l->input[1] = new_group(2, 1, 2, b_xn);
    l->state[1] = new_group(2, 1, 3, b_hn);
  }
}

static void set_tensors(layer *l, size_t parts, size_t part_rows) {
  const settings *s = l->settings;
  const size_t H = s->hidden, P = state_size(s), columns = gate_count(s) * H;
  tensor *w_xh = add_tensor(l, new_tensor(parts * part_rows * columns, H, INPUT_WEIGHTS, NOTHING, l->place));
  tensor *w_hh = add_tensor(l, new_tensor(P * columns, H, HIDDEN_WEIGHTS, NOTHING, l->place));
  set_groups(l);
  for (size_t i = 0; i < l->group_count; i++) {
    set_matrices(l, &l->input[i], w_xh, parts, part_rows, l->has_layer_below);
    set_matrices(l, &l->state[i], w_hh, 1, P, 1);
  }
  if (s->projection > 0) {
    l->projection = add_tensor(l, new_tensor(H * P, H, PROJECTION, NOTHING, l->place));
    l->projected = new_matrix(l->kernels, l->projection->p, H, P, P, 1);
    l->unprojecting = new_matrix(l->kernels, l->projection->p, P, H, 1, P);
  }
}

void set_layer(layer *l, const ks_kernels *kernels, const settings *s, size_t number, int is_reverse) {
  const size_t T = s->length, B = s->batch, H = s->hidden, P = state_size(s);
  *l = (layer){.kernels = kernels, .settings = s, .is_reverse = is_reverse, .has_layer_below = number > 0};
  l->place = number * s->directions + (size_t)is_reverse;
  set_tensors(l, number == 0 ? 1 : s->directions, number == 0 ? s->inputs : P);
  l->hidden = new_floats((T + 1) * B * P);
  l->slope = new_floats(T * B * P);
  if (place_count(s) > 1) {
    l->gates = new_floats(T * B * place_count(s) * H);
  }
  if (s->cell == LSTM) {
    l->cell = new_floats((T + 1) * B * H);
    l->tanh_cell = new_floats(T * B * H);
    l->cell_slope = new_floats(B * H);
    l->unprojected = new_floats(T * B * H);
    l->unprojected_slope = new_floats(B * H);
  }
  if (s->dropout > 0 && number + 1 < s->layers) {
    l->dropped = new_floats(T * B * P);
  }
}

float *states(const layer *l) {
  return l->is_reverse ? l->hidden : l->hidden + l->settings->batch * state_size(l->settings);
}

float *previous_states(const layer *l) {
  return l->is_reverse ? l->hidden + l->settings->batch * state_size(l->settings) : l->hidden;
}

float *cells(const layer *l) { return l->is_reverse ? l->cell : l->cell + l->settings->batch * l->settings->hidden; }

float *previous_cells(const layer *l) {
  return l->is_reverse ? l->cell + l->settings->batch * l->settings->hidden : l->cell;
}

size_t time_of(const layer *l, size_t i) { return l->is_reverse ? l->settings->length - 1 - i : i; }

// Copies the state [count] that the window ends with to where the next window starts.
static void carry_state(const layer *l, float *state, size_t count) {
  float *first = state, *last = state + l->settings->length * count;
  memcpy(l->is_reverse ? last : first, l->is_reverse ? first : last, count * sizeof(float));
}

void carry(layer *l) {
  const settings *s = l->settings;
  carry_state(l, l->hidden, s->batch * state_size(s));
  if (s->cell == LSTM) {
    carry_state(l, l->cell, s->batch * s->hidden);
  }
}
