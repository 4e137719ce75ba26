// One time step of LSTM and GRU cells, forwards and backwards, over many widths.
#include <string.h>

#include "floats.h"
#include "subjects.h"

// The arrays of one time step, with gaps between rows and between gates.
typedef struct time_step {
  size_t rows, n;
  size_t gates_row, gate_stride, state_row;
  float *gates;  // [rows, 4, n]
} time_step;

static float *copy_of(size_t n, const float *x) {
  float *copy = new_output(n);
  return memcpy(copy, x, n * sizeof(float));
}

static time_step new_time_step(size_t rows, size_t n, float_kind kind, uint64_t seed) {
  time_step step = {.rows = rows, .n = n, .gate_stride = n + 1, .gates_row = 4 * (n + 1) + 2, .state_row = n + 5};
  step.gates = copy_of(rows * step.gates_row, random_floats(rows * step.gates_row, kind, seed));
  return step;
}

static void add_gates(digest *d, const time_step *step) { add_output(d, step->rows * step->gates_row, step->gates); }

// Forwards from pre-activations of one kind, then backwards with gradients of another.
static void add_lstm(digest *d, const ks_kernels *kernels, size_t rows, size_t n, float_kind kind, float_kind slopes) {
  const uint64_t seed = rows * 1000 + n;
  const time_step s = new_time_step(rows, n, kind, seed);
  const size_t count = rows * s.state_row;
  const float *c_previous = random_floats(count, kind, seed + 1);
  float *c = new_output(count), *tanh_c = new_output(count), *h = new_output(count);
  kernels->lstm(rows, n, s.gates, s.gates_row, s.gate_stride, c_previous, c, tanh_c, h, s.state_row);
  add_gates(d, &s);
  add_output(d, count, c);
  add_output(d, count, tanh_c);
  add_output(d, count, h);
  const float *dh = random_floats(count, slopes, seed + 2);
  float *dc = copy_of(count, random_floats(count, slopes, seed + 3));
  kernels->lstm_backward(rows, n, s.gates, s.gates_row, s.gate_stride, c_previous, tanh_c, dh, dc, s.state_row);
  add_gates(d, &s);
  add_output(d, count, dc);
}

static void add_gru(digest *d, const ks_kernels *kernels, size_t rows, size_t n, float_kind kind, float_kind slopes) {
  const uint64_t seed = rows * 1000 + n;
  const time_step s = new_time_step(rows, n, kind, seed);
  const size_t count = rows * s.state_row;
  const float *h_previous = random_floats(count, kind, seed + 1);
  float *h = new_output(count);
  kernels->gru(rows, n, s.gates, s.gates_row, s.gate_stride, h_previous, h, s.state_row);
  add_gates(d, &s);
  add_output(d, count, h);
  const float *dh = random_floats(count, slopes, seed + 2);
  float *dh_previous = copy_of(count, random_floats(count, slopes, seed + 3));
  float *gates = s.gates;
  float *again = copy_of(rows * s.gates_row, gates);
  kernels->gru_backward(rows, n, gates, s.gates_row, s.gate_stride, h_previous, dh, dh_previous, s.state_row);
  add_gates(d, &s);
  add_output(d, count, dh_previous);
  kernels->gru_backward(rows, n, again, s.gates_row, s.gate_stride, h_previous, dh, NULL, s.state_row);
  add_output(d, rows * s.gates_row, again);
}

void digest_cells(const ks_kernels *kernels) {
  static const size_t widths[] = {0, 1, 2, 3, 7, 8, 13, 15, 16, 17, 24, 31, 32, 33, 47, 48, 49, 63, 64, 65, 70, 131};
  for (size_t i = 0; i < sizeof widths / sizeof widths[0]; i++) {
    digest lstm = new_digest(), gru = new_digest();
    for (size_t rows = 0; rows <= 5; rows++) {
      for (float_kind kind = NEAR_ONE; kind < WILD; kind++) {
        for (float_kind slopes = NEAR_ONE; slopes < WILD; slopes++) {
          add_lstm(&lstm, kernels, rows, widths[i], kind, slopes);
          add_gru(&gru, kernels, rows, widths[i], kind, slopes);
          free_floats();
        }
      }
    }
    print_digest(&lstm, "lstm and lstm_backward of 0 to 5 rows of %zu", widths[i]);
    print_digest(&gru, "gru and gru_backward of 0 to 5 rows of %zu", widths[i]);
  }
}
