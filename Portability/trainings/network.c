#include "network.h"

#include <math.h>

#include "floats.h"

static void set_output_layer(network *n) {
  const settings *s = n->settings;
  const size_t P = state_size(s), O = s->outputs;
  n->w_hq = new_tensor(s->directions * P * O, s->directions * P, OUTPUT_WEIGHTS, NOTHING, 0);
  n->b_q = new_tensor(O, s->directions * P, OUTPUT_BIAS, NOTHING, 0);
  for (size_t part = 0; part < s->directions; part++) {
    n->output_transposed[part] = new_matrix(n->kernels, n->w_hq.p + part * P * O, O, P, 1, O);
  }
}

void set_network(network *n, const ks_kernels *kernels, const settings *s) {
  const size_t row_count = s->length * s->batch;
  n->kernels = kernels;
  n->settings = s;
  n->place_count = s->layers * s->directions;
  for (size_t place = 0; place < n->place_count; place++) {
    set_layer(&n->places[place], kernels, s, place / s->directions, (int)(place % s->directions));
  }
  set_output_layer(n);
  n->inputs = new_floats(row_count * s->inputs);
  n->targets = new_floats(row_count * s->outputs);
  n->outputs = new_floats(row_count * s->outputs);
  n->output_slope = new_floats(row_count * s->outputs);
}

// What layer `number` reads, in one part a direction of the layer below; returns how many parts.
static size_t rows_of(const network *n, size_t number, rows parts[MOST_DIRECTIONS]) {
  if (number == 0) {
    parts[0] = (rows){n->inputs, n->settings->inputs};
    return 1;
  }
  const size_t D = n->settings->directions;
  for (size_t direction = 0; direction < D; direction++) {
    const layer *below = &n->places[(number - 1) * D + direction];
    parts[direction] = (rows){below->dropped != NULL ? below->dropped : states(below), state_size(n->settings)};
  }
  return D;
}

static void drop(const network *n, const layer *l, uint64_t step, const float *x, float *out) {
  const double p = n->settings->dropout;
  const ks_dropout_mask mask = {.seed = SEED,
                                .step = step,
                                .purpose = DROPOUT,
                                .below = (uint32_t)fmin(floor(p * 0x1p32 + 0.5), 0x1p32 - 1),
                                .scale = p < 1 ? (float)(1 / (1 - p)) : 0};
  const size_t count = n->settings->length * n->settings->batch * state_size(n->settings);
  n->kernels->dropout(count, &mask, index_of(0, l->place), x, out);
}

static void output_forward(const network *n) {
  const size_t O = n->settings->outputs;
  rows parts[MOST_DIRECTIONS];
  const size_t count = rows_of(n, n->settings->layers, parts);
  const float *w = n->w_hq.p;
  for (size_t part = 0; part < count; part++) {
    const rows in = parts[part];
    n->kernels->product(n->settings->length * n->settings->batch, O, in.width, in.at, in.width, 1, w, O, n->outputs, O,
                        part == 0 ? KS_FROM_BIAS : KS_CONTINUE, n->b_q.p);
    w += in.width * O;
  }
}

void network_forward(const network *n, uint64_t step) {
  for (size_t place = 0; place < n->place_count; place++) {
    pack_layer(&n->places[place]);
  }
  for (size_t place = 0; place < n->place_count; place++) {
    rows parts[MOST_DIRECTIONS];
    const size_t count = rows_of(n, place / n->settings->directions, parts);
    const layer *l = &n->places[place];
    layer_forward(l, count, parts);
    if (l->dropped != NULL) {
      drop(n, l, step, states(l), l->dropped);
    }
  }
  output_forward(n);
}

// dL/dH of a layer and direction, from the layer above: its dL/dZ, or dL/dQ.
static void slope_from_above(const network *n, size_t place, uint64_t step) {
  const size_t D = n->settings->directions, O = n->settings->outputs, P = state_size(n->settings);
  const size_t part = place % D, above = (place / D + 1) * D;
  const layer *l = &n->places[place];
  if (above == n->place_count) {
    multiply(n->kernels, n->settings->length * n->settings->batch, n->output_slope, O, &n->output_transposed[part],
             l->slope, P, KS_FROM_ZERO, NULL);
    return;
  }
  for (size_t direction = 0; direction < D; direction++) {
    layer_input_slope(&n->places[above + direction], part, (rows){l->slope, P}, direction == 0);
  }
  if (l->dropped != NULL) {
    drop(n, l, step, l->slope, l->slope);
  }
}

static void output_gradients(const network *n) {
  const size_t O = n->settings->outputs, row_count = n->settings->length * n->settings->batch;
  rows parts[MOST_DIRECTIONS];
  const size_t count = rows_of(n, n->settings->layers, parts);
  float *dw = n->w_hq.g;
  for (size_t part = 0; part < count; part++) {
    const rows in = parts[part];
    n->kernels->product(in.width, O, row_count, in.at, 1, in.width, n->output_slope, O, dw, O, KS_FROM_ZERO, NULL);
    dw += in.width * O;
  }
  n->kernels->column_sums(row_count, O, n->output_slope, O, n->b_q.g);
}

void network_backward(const network *n, uint64_t step) {
  const size_t D = n->settings->directions;
  for (size_t part = 0; part < D; part++) {
    pack_matrix(n->kernels, &n->output_transposed[part]);
  }
  for (size_t number = n->settings->layers; number-- > 0;) {
    for (size_t place = number * D; place < (number + 1) * D; place++) {
      slope_from_above(n, place, step);
      layer_backward(&n->places[place]);
    }
  }
  for (size_t place = 0; place < n->place_count; place++) {
    rows parts[MOST_DIRECTIONS];
    const size_t count = rows_of(n, place / D, parts);
    layer_gradients(&n->places[place], count, parts);
  }
  output_gradients(n);
}

void for_each_tensor(network *n, void (*visit)(tensor *t, void *context), void *context) {
  for (size_t place = 0; place < n->place_count; place++) {
    for (size_t i = 0; i < n->places[place].tensor_count; i++) {
      visit(&n->places[place].tensors[i], context);
    }
  }
  visit(&n->w_hq, context);
  visit(&n->b_q, context);
}
