// Keepstep's arithmetic: the numerics contract, compiled once for each instruction set.
//
// Contract. The bits of every result depend on the inputs and on KS_NUMERICS_VERSION only, never on the instruction
// set, the tile sizes, or the number of calls that a product is cut into:
//   1. An element of a product is one chain of fused multiply-adds over the contracted index in ascending order,
//      from zero, from a bias, or from the value that is there already.
//   2. Other sums run in 16 lanes (element i goes to lane i mod 16), which one fixed tree adds up (tree16 below).
//   3. exp, tanh and sigmoid are polynomials in one fixed order, at most 2 ulp from the correctly rounded value, right
//      at infinities, NaN and tiny arguments. Division and square root are IEEE's.
//   4. No contraction, no fast-math, no flush to zero, no libm in a result that is kept (fmaf is exact by definition).
//   5. Subnormal dz, m and v become zero by compare and select; nothing else is flushed.
//
// In the equations below every operation of floats is rounded, in the order in which it stands, but for fma(x, y, z) =
// x · y + z, which is rounded once. flush() is rule 5. "+ 0" makes plus zero of minus zero, as what is kept has none.
//
// Nothing here allocates, prints, locks or keeps state. Arrays are row-major; shapes stand at every pointer. No two
// arguments overlap unless a comment says so. Sizes may be zero. No alignment is needed; 64 bytes are fastest.
#ifndef CKERNELS_H
#define CKERNELS_H

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

// Raised when any bit of any result changes. A resume under another version is refused.
#define KS_NUMERICS_VERSION 1

// Where the chains of a product start.
typedef enum ks_start {
  KS_FROM_ZERO = 0,  // c = 0 + a·b
  KS_FROM_BIAS = 1,  // c[r, :] = bias + a·b
  KS_CONTINUE = 2,   // c += a·b, going on with the chains that c holds
} ks_start;

// The scalars of one Adam or AdamW update (Kingma and Ba 2015, algorithm 1; Loshchilov and Hutter 2019; in PyTorch's
// order of operations). A bias that stands for two has its step size doubled and its l2 halved.
typedef struct ks_adam_scalars {
  float one_minus_beta1;
  float beta2;
  float one_minus_beta2;
  float step_size;                 // learning rate / (1 - beta1^t), times the tensor's multiplicity
  float inverse_root_correction2;  // 1 / sqrt(1 - beta2^t)
  float epsilon;
  float l2;    // Adam's weight decay: g + l2 · p stands for g; 0 for none
  float keep;  // AdamW's: p · keep stands for p, keep = 1 - learning rate · weight decay; 1 for none
} ks_adam_scalars;

// The scalars of one SGD update, as torch.optim.SGD with dampening 0.
typedef struct ks_sgd_scalars {
  float step_size;  // learning rate, times the tensor's multiplicity
  float momentum;
  float l2;
  int nesterov;
} ks_sgd_scalars;

// The scalars of one RMSprop update, as torch.optim.RMSprop, not centered.
typedef struct ks_rmsprop_scalars {
  float step_size;  // learning rate, times the tensor's multiplicity
  float alpha;
  float one_minus_alpha;
  float epsilon;
  float momentum;
  float l2;
} ks_rmsprop_scalars;

// Which elements dropout zeroes: element i where Philox4x32-10's word i mod 4 of counter block i / 4 is below `below`.
// The counter's four words, low first: the low 32 bits of i / 4; its next 24 bits | purpose << 24; step's low and high
// 32 bits. The key is the seed's low and high 32 bits.
typedef struct ks_dropout_mask {
  uint64_t seed;
  uint64_t step;
  uint32_t purpose;
  uint32_t below;  // probability · 2^32, rounded
  float scale;     // of the elements that stay: 1 / (1 - probability)
} ks_dropout_mask;

// One instruction set's kernels.
typedef struct ks_kernels {
  const char *name;  // "scalar", "avx2", "avx512", "neon" or "naive"

  // c [m, n] = start + a [m, k] · b [k, n]. Element (r, i) of a is a[r * a_row + i * a_col], so that a transposed
  // matrix needs no copy; rows of b and c are contiguous, b_row and c_row floats apart. bias [n] is read only with
  // KS_FROM_BIAS.
  void (*product)(size_t m, size_t n, size_t k, const float *a, size_t a_row, size_t a_col, const float *b,
                  size_t b_row, float *c, size_t c_row, ks_start start, const float *_Nullable bias);

  // The same product with b in the order in which the tiles read it, for a b that is read many times. `packed` holds
  // packed_count(k, n) floats, 64-byte aligned, in an order that is each instruction set's own; element (i, j) of b is
  // b[i * b_row + j * b_col], so that a transposed matrix is packed in one go.
  size_t (*packed_count)(size_t k, size_t n);
  void (*pack)(size_t k, size_t n, const float *b, size_t b_row, size_t b_col, float *packed);
  void (*product_packed)(size_t m, size_t n, size_t k, const float *a, size_t a_row, size_t a_col, const float *packed,
                         float *c, size_t c_row, ks_start start, const float *_Nullable bias);

  // out [columns, rows] = in [rows, columns] transposed.
  void (*transpose)(size_t rows, size_t columns, const float *in, float *out);

  // out [n] = f(x [n]); out may be x. tanh and relu return +0 where the result is a zero of either sign.
  void (*exp)(size_t n, const float *x, float *out);
  void (*tanh)(size_t n, const float *x, float *out);
  void (*sigmoid)(size_t n, const float *x, float *out);
  void (*relu)(size_t n, const float *x, float *out);

  // dz [n] = dh [n] · f'(z), where h [n] = f(z); dz may be dh.
  void (*tanh_backward)(size_t n, const float *h, const float *dh, float *dz);
  void (*relu_backward)(size_t n, const float *h, const float *dh, float *dz);

  // One time step of LSTM cells. Row r of `gates` starts gates_row floats after row r - 1 and holds four gates of n
  // floats, gate_stride apart, in the order i, f, g, o: pre-activations at first, activations afterwards. The other
  // arrays are [rows, n] with rows state_row floats apart.
  //   i, f, o = sigmoid, g = tanh;  c = f · c_previous + i · g;  tanh_c = tanh(c);  h = o · tanh_c
  // c = fma(f, c_previous, i · g) + 0;  h = o · tanh_c + 0.
  void (*lstm)(size_t rows, size_t n, float *gates, size_t gates_row, size_t gate_stride, const float *c_previous,
               float *c, float *tanh_c, float *h, size_t state_row);

  // Its backward step, from dh = dL/dh and dc = dL/dc as far as later time steps have it. `gates` holds activations at
  // first and dL/dpre-activations afterwards; dc becomes dL/dc_previous. Subnormals become zero in both.
  //   dc' = dc + dh · o · (1 - tanh_c²);  di = dc' · g · i (1 - i);  df = dc' · c_previous · f (1 - f);
  //   dg = dc' · i · (1 - g²);  do = dh · tanh_c · o (1 - o);  dc = dc' · f
  // dc' = fma(dh · o, fma(-tanh_c, tanh_c, 1), dc);  di = flush((dc' · g) · fma(-i, i, i)), df and do likewise;
  // dg = flush((dc' · i) · fma(-g, g, 1));  dc = flush(dc' · f).
  void (*lstm_backward)(size_t rows, size_t n, float *gates, size_t gates_row, size_t gate_stride,
                        const float *c_previous, const float *tanh_c, const float *dh, float *dc, size_t state_row);

  // One time step of GRU cells. Four gates a row as above, in the order r, z, n, q: pre-activations at first, where
  // gate n holds its input's part only and q = W_hn h + b_hn; r, z, n are activations afterwards, q stays.
  //   r, z = sigmoid;  n = tanh(n + r · q);  h = n + z · (h_previous - n)
  // n = tanh(fma(r, q, n));  h = fma(z, h_previous - n, n) + 0.
  void (*gru)(size_t rows, size_t n, float *gates, size_t gates_row, size_t gate_stride, const float *h_previous,
              float *h, size_t state_row);

  // Its backward step, from dh = dL/dh. `gates` holds r, z, n, q at first, dL/dpre-activations of r, z and n and dL/dq
  // afterwards. dh_previous, if there is one, gains dh · z. Subnormals become zero in gates and dh_previous.
  //   dn = dh · (1 - z) · (1 - n²);  dz = dh · (h_previous - n) · z (1 - z);  dr = dn · q · r (1 - r);  dq = dn · r
  // dn = flush((dh · (1 - z)) · fma(-n, n, 1));  dz = flush((dh · (h_previous - n)) · fma(-z, z, z));
  // dr = flush((dn · q) · fma(-r, r, r));  dq = flush(dn · r);  dh_previous = flush(fma(dh, z, dh_previous)).
  void (*gru_backward)(size_t rows, size_t n, float *gates, size_t gates_row, size_t gate_stride,
                       const float *h_previous, const float *dh, float *_Nullable dh_previous, size_t state_row);

  // Inverted dropout of the elements first … first + n - 1: out = x · scale + 0 where they stay, 0 elsewhere; out may be
  // x.
  void (*dropout)(size_t n, const ks_dropout_mask *mask, uint64_t first, const float *x, float *out);

  // Losses over n outputs q and targets y: the mean, and its gradient dq. Lanes are double.
  // Squared: (q - y)². Absolute: |q - y|, with the gradient 0 at 0. Huber: (q - y)² / 2 up to delta, then
  // delta · (|q - y| - delta / 2).
  // e = q - y in float; the rest of the mean in double. dq = e · s, sign(e) · s, and e cut off at ± delta · s, where s is
  // 2 / n, 1 / n, 1 / n in double, rounded to float. NaN in e gives NaN in dq and in the mean.
  double (*mean_squared_error)(size_t n, const float *q, const float *y, float *dq);
  double (*mean_absolute_error)(size_t n, const float *q, const float *y, float *dq);
  double (*huber)(size_t n, const float *q, const float *y, float delta, float *dq);

  // Cross-entropy of the rows' softmax: the mean over the rows of log Σ exp q - q[y], and its gradient dq
  // [rows, classes]. y [rows] holds class numbers 0 … classes - 1 as whole floats. *correct gets the number of rows
  // whose greatest q (the first of equals) is the target's; a row with NaN is none of them. NaN in q gives a NaN.
  // A row's e = exp(q - max) in float, column j's to double lane j mod 16 of the sum Σ; its loss is log Σ + (max - q[y])
  // in double, to lane r mod 16; dq = (e · i - (1 if j = y)) · s in float, i = 1 / Σ and s = 1 / rows rounded to float.
  double (*cross_entropy)(size_t rows, size_t classes, const float *q, const float *y, float *dq, size_t *correct);

  // sums [columns] = the sum over the rows of in [rows, columns], whose rows are in_row floats apart; row r goes to
  // lane r mod 16.
  void (*column_sums)(size_t rows, size_t columns, const float *in, size_t in_row, float *sums);

  // Σ x [n]² in double lanes.
  double (*sum_of_squares)(size_t n, const float *x);

  // g [n] = g · scale, then cut off at ± bound; NaN stays.
  void (*clip)(size_t n, float *g, float scale, float bound);

  // One update of p and of the optimizer's moments [n] with the gradient g [n]. Returns 0 if a parameter or a moment
  // is not finite afterwards. Subnormal moments become zero. m is NULL where the momentum is 0.
  // g' = fma(l2, p, g), but g where l2 is 0.
  //   Adam: m = flush(fma(g' - m, one_minus_beta1, m));  v = flush(fma(g' · one_minus_beta2, g', v · beta2));
  //     p = fma(-step_size, m / fma(√v, inverse_root_correction2, epsilon), p · keep) + 0
  //   SGD: m = flush(fma(momentum, m, g'));  p = fma(-step_size, s, p) + 0, where s is g' without m, fma(momentum, m, g')
  //     with Nesterov, otherwise m
  //   RMSprop: v = flush(fma(g' · one_minus_alpha, g', v · alpha));  s = g' / (√v + epsilon);
  //     m = flush(fma(momentum, m, s));  p = fma(-step_size, m, or s without m, p) + 0
  int (*adam)(size_t n, float *p, float *m, float *v, const float *g, const ks_adam_scalars *scalars);
  int (*sgd)(size_t n, float *p, float *_Nullable m, const float *g, const ks_sgd_scalars *scalars);
  int (*rmsprop)(size_t n, float *p, float *_Nullable m, float *v, const float *g, const ks_rmsprop_scalars *scalars);
} ks_kernels;

// The kernels called `name` if this machine has that instruction set, otherwise NULL.
const ks_kernels *_Nullable ks_kernels_named(const char *name);

// The names that this machine has, slowest first; NULL past the end. The last one is the default.
const char *_Nullable ks_kernels_name_at(size_t index);

// The plainest loops that keep the contract: the tests' twin of every kernel.
const ks_kernels *ks_naive_kernels(void);

// Sets this thread's floating-point mode to IEEE's (round to nearest, no flush to zero), whatever a foreign library
// left there.
void ks_reset_floating_point_mode(void);

// The processors that this process may use: those of its affinity mask, which taskset and containers set, or all.
size_t ks_usable_processors(void);

// Tells the processor that a thread waits for another one's store.
static inline void ks_pause(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

#pragma clang assume_nonnull end

#endif
