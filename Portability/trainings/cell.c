#include "cell.h"

#include <string.h>

static void rnn_forward(const layer *l, size_t t) {
  const size_t count = l->settings->batch * l->settings->hidden;
  float *z = states(l) + t * count;
  (l->settings->cell == RNN_TANH ? l->kernels->tanh : l->kernels->relu)(count, z, z);
}

static void rnn_backward(const layer *l, size_t t) {
  const size_t count = l->settings->batch * l->settings->hidden;
  float *dh = l->slope + t * count;
  (l->settings->cell == RNN_TANH ? l->kernels->tanh_backward : l->kernels->relu_backward)(count, states(l) + t * count,
                                                                                          dh, dh);
}

static void lstm_forward(const layer *l, size_t t) {
  const size_t B = l->settings->batch, H = l->settings->hidden, P = state_size(l->settings), own = t * B * H;
  float *h = l->projection == NULL ? states(l) + own : l->unprojected + own;
  l->kernels->lstm(B, H, l->gates + 4 * own, 4 * H, H, previous_cells(l) + own, cells(l) + own, l->tanh_cell + own, h,
                   H);
  if (l->projection != NULL) {
    multiply(l->kernels, B, h, H, &l->projected, states(l) + t * B * P, P, KS_FROM_ZERO, NULL);
  }
}

static void lstm_backward(const layer *l, size_t t, int is_last) {
  const size_t B = l->settings->batch, H = l->settings->hidden, P = state_size(l->settings), own = t * B * H;
  if (is_last) {
    memset(l->cell_slope, 0, B * H * sizeof(float));
  }
  const float *dh = l->slope + t * B * P;
  if (l->projection != NULL) {
    multiply(l->kernels, B, dh, P, &l->unprojecting, l->unprojected_slope, H, KS_FROM_ZERO, NULL);
    dh = l->unprojected_slope;
  }
  l->kernels->lstm_backward(B, H, l->gates + 4 * own, 4 * H, H, previous_cells(l) + own, l->tanh_cell + own, dh,
                            l->cell_slope, H);
}

static void gru_forward(const layer *l, size_t t) {
  const size_t B = l->settings->batch, H = l->settings->hidden, own = t * B * H;
  l->kernels->gru(B, H, l->gates + 4 * own, 4 * H, H, previous_states(l) + own, states(l) + own, H);
}

static void gru_backward(const layer *l, size_t t, float *dh_previous) {
  const size_t B = l->settings->batch, H = l->settings->hidden, own = t * B * H;
  l->kernels->gru_backward(B, H, l->gates + 4 * own, 4 * H, H, previous_states(l) + own, l->slope + own, dh_previous,
                           H);
}

void cell_forward(const layer *l, size_t t) {
  switch (l->settings->cell) {
    case LSTM: lstm_forward(l, t); break;
    case GRU: gru_forward(l, t); break;
    default: rnn_forward(l, t);
  }
}

void cell_backward(const layer *l, size_t t, int is_last, float *dh_previous) {
  switch (l->settings->cell) {
    case LSTM: lstm_backward(l, t, is_last); break;
    case GRU: gru_backward(l, t, dh_previous); break;
    default: rnn_backward(l, t);
  }
}

void cell_gradients(const layer *l) {
  if (l->projection != NULL) {
    const size_t H = l->settings->hidden, P = state_size(l->settings);
    l->kernels->product(H, P, l->settings->length * l->settings->batch, l->unprojected, 1, H, l->slope, P,
                        l->projection->g, P, KS_FROM_ZERO, NULL);
  }
}
