// Keepstep's arithmetic: the numerics contract, compiled once for each instruction set.
//
// Contract. The bits of every result depend on the inputs and on KS_NUMERICS_VERSION only, never on the instruction
// set, the tile sizes, or the number of calls that a product is cut into:
//   1. An element of a product is one chain of fused multiply-adds over the contracted index in ascending order,
//      from zero, from a bias, or from the value that is there already.
//   2. Other sums run in 16 lanes (element i goes to lane i mod 16), which one fixed tree adds up (tree16 below).
//   3. exp and tanh are polynomials in one fixed order, at most 2 ulp from the correctly rounded value, right at
//      infinities, NaN and tiny arguments. Division and square root are IEEE's.
//   4. No contraction, no fast-math, no flush to zero, no libm in a result that is kept (fmaf is exact by definition).
//   5. Subnormal dz, m and v become zero by compare and select; nothing else is flushed.
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

// The scalars of one Adam update (Kingma and Ba 2015, algorithm 1, in PyTorch's order of operations).
typedef struct ks_adam_scalars {
  float one_minus_beta1;
  float beta2;
  float one_minus_beta2;
  float step_size;                 // learning rate / (1 - beta1^t), times the tensor's multiplicity
  float inverse_root_correction2;  // 1 / sqrt(1 - beta2^t)
  float epsilon;
} ks_adam_scalars;

// One instruction set's kernels.
typedef struct ks_kernels {
  const char *name;  // "scalar", "avx2", "avx512", "neon" or "naive"

  // c [m, n] = start + a [m, k] · b [k, n]. Element (r, i) of a is a[r * a_row + i * a_col], so that a transposed
  // matrix needs no copy; rows of b and c are contiguous, b_row and c_row floats apart. bias [n] is read only with
  // KS_FROM_BIAS.
  void (*product)(size_t m, size_t n, size_t k, const float *a, size_t a_row, size_t a_col, const float *b,
                  size_t b_row, float *c, size_t c_row, ks_start start, const float *_Nullable bias);

  // out [columns, rows] = in [rows, columns] transposed.
  void (*transpose)(size_t rows, size_t columns, const float *in, float *out);

  // out [n] = f(x [n]); out may be x. tanh and relu return +0 where the result is a zero of either sign.
  void (*exp)(size_t n, const float *x, float *out);
  void (*tanh)(size_t n, const float *x, float *out);
  void (*relu)(size_t n, const float *x, float *out);

  // dz [n] = dh [n] · f'(z), where h [n] = f(z); dz may be dh.
  void (*tanh_backward)(size_t n, const float *h, const float *dh, float *dz);
  void (*relu_backward)(size_t n, const float *h, const float *dh, float *dz);

  // Mean squared error: returns Σ (q - y)² / n, and writes dq [n] = (q - y) · 2/n. Lanes are double.
  double (*mean_squared_error)(size_t n, const float *q, const float *y, float *dq);

  // sums [columns] = the sum over the rows of in [rows, columns]; row r goes to lane r mod 16.
  void (*column_sums)(size_t rows, size_t columns, const float *in, float *sums);

  // Σ x [n]² in double lanes.
  double (*sum_of_squares)(size_t n, const float *x);

  // One Adam update of p, m and v [n] with the gradient g [n]. Returns 0 if a parameter or a
  // moment is not finite afterwards.
  int (*adam)(size_t n, float *p, float *m, float *v, const float *g, const ks_adam_scalars *scalars);
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

#pragma clang assume_nonnull end

#endif
