// A layer's passes through a window, as Layer of Sources/Recurrent has them.
#include "cell.h"
#include "layer.h"

// Z where the products leave it: an RNN's is where its H will be, and its dL/dZ where dL/dH was.
static float *preactivations(const layer *l) { return l->gates == NULL ? states(l) : l->gates; }

static float *preactivation_slopes(const layer *l) { return l->gates == NULL ? l->slope : l->gates; }

static size_t row_length(const layer *l) { return place_count(l->settings) * l->settings->hidden; }

static size_t row_count(const layer *l) { return l->settings->length * l->settings->batch; }

void pack_layer(const layer *l) {
  for (size_t i = 0; i < l->group_count; i++) {
    for (size_t part = 0; part < l->input[i].parts; part++) {
      pack_matrix(l->kernels, &l->input[i].weights[part]);
      pack_matrix(l->kernels, &l->input[i].transposed[part]);
    }
    pack_matrix(l->kernels, &l->state[i].weights[0]);
    pack_matrix(l->kernels, &l->state[i].transposed[0]);
  }
  pack_matrix(l->kernels, &l->projected);
  pack_matrix(l->kernels, &l->unprojecting);
}

void layer_forward(const layer *l, size_t parts, const rows *inputs) {
  const size_t B = l->settings->batch, H = l->settings->hidden, P = state_size(l->settings), row = row_length(l);
  float *z = preactivations(l);
  // Z starts as b + X·W_xh for all time steps at once; the chains then go on through H(t-1)·W_hh.
  for (size_t i = 0; i < l->group_count; i++) {
    const group *g = &l->input[i];
    for (size_t part = 0; part < parts; part++) {
      multiply(l->kernels, row_count(l), inputs[part].at, inputs[part].width, &g->weights[part], z + g->place * H, row,
               part == 0 ? g->start : KS_CONTINUE, g->bias == NULL ? NULL : g->bias->p);
    }
  }
  for (size_t i = 0; i < l->settings->length; i++) {
    const size_t first = time_of(l, i) * B;
    for (size_t j = 0; j < l->group_count; j++) {
      const group *g = &l->state[j];
      multiply(l->kernels, B, previous_states(l) + first * P, P, &g->weights[0], z + first * row + g->place * H, row,
               g->start, g->bias == NULL ? NULL : g->bias->p);
    }
    cell_forward(l, time_of(l, i));
  }
}

void layer_backward(const layer *l) {
  const size_t B = l->settings->batch, H = l->settings->hidden, P = state_size(l->settings), row = row_length(l);
  const size_t T = l->settings->length;
  const float *dz = preactivation_slopes(l);
  for (size_t i = T; i-- > 0;) {
    const size_t t = time_of(l, i);
    for (size_t j = 0; i < T - 1 && j < l->group_count; j++) {
      const group *g = &l->state[j];
      multiply(l->kernels, B, dz + time_of(l, i + 1) * B * row + g->place * H, row, &g->transposed[0],
               l->slope + t * B * P, P, KS_CONTINUE, NULL);
    }
    cell_backward(l, t, i == T - 1, i == 0 ? NULL : l->slope + time_of(l, i - 1) * B * P);
  }
}

void layer_input_slope(const layer *l, size_t part, rows into, int is_first) {
  const float *dz = preactivation_slopes(l);
  for (size_t i = 0; i < l->group_count; i++) {
    const group *g = &l->input[i];
    multiply(l->kernels, row_count(l), dz + g->place * l->settings->hidden, row_length(l), &g->transposed[part],
             into.at, into.width, is_first && i == 0 ? KS_FROM_ZERO : KS_CONTINUE, NULL);
  }
}

// dW [width, G·H] = rowsᵀ·dZ, in the group's columns.
static void weight_gradient(const layer *l, const group *g, rows in, float *dw) {
  const size_t H = l->settings->hidden;
  l->kernels->product(in.width, g->gates * H, row_count(l), in.at, 1, in.width,
                      preactivation_slopes(l) + g->place * H, row_length(l), dw + g->column * H,
                      gate_count(l->settings) * H, KS_FROM_ZERO, NULL);
}

static void bias_gradient(const layer *l, const group *g) {
  const size_t H = l->settings->hidden;
  if (g->bias != NULL) {
    l->kernels->column_sums(row_count(l), g->gates * H, preactivation_slopes(l) + g->place * H, row_length(l),
                            g->bias->g);
  }
}

void layer_gradients(const layer *l, size_t parts, const rows *inputs) {
  const size_t columns = gate_count(l->settings) * l->settings->hidden;
  const rows previous = {previous_states(l), state_size(l->settings)};
  for (size_t i = 0; i < l->group_count; i++) {
    for (size_t part = 0; part < parts; part++) {
      weight_gradient(l, &l->input[i], inputs[part], l->tensors[0].g + part * inputs[part].width * columns);
    }
    weight_gradient(l, &l->state[i], previous, l->tensors[1].g);
    bias_gradient(l, &l->input[i]);
    bias_gradient(l, &l->state[i]);
  }
  cell_gradients(l);
}
