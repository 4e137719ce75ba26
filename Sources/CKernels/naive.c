// The naive twins: each kernel as the contract states it, one element after the other.
#pragma STDC FP_CONTRACT OFF

#include <math.h>
#include <string.h>

#include "CKernels.h"
#include "constants.h"

static void product(size_t m, size_t n, size_t k, const float *a, size_t a_row, size_t a_col, const float *b,
                    size_t b_row, float *c, size_t c_row, ks_start start, const float *bias) {
  for (size_t r = 0; r < m; r++) {
    for (size_t j = 0; j < n; j++) {
      float chain = start == KS_CONTINUE ? c[r * c_row + j] : start == KS_FROM_BIAS ? bias[j] : 0.0f;
      for (size_t i = 0; i < k; i++) {
        chain = fmaf(a[r * a_row + i * a_col], b[i * b_row + j], chain);
      }
      c[r * c_row + j] = chain;
    }
  }
}

static void transpose(size_t rows, size_t columns, const float *in, float *out) {
  for (size_t r = 0; r < rows; r++) {
    for (size_t c = 0; c < columns; c++) {
      out[c * rows + r] = in[r * columns + c];
    }
  }
}

static float power_of_two(int32_t exponent) {
  const int32_t bits = (exponent + 127) << 23;
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

static float exp_one(float x) {
  if (x != x) return x;
  if (!(x > KS_EXP_MIN)) x = KS_EXP_MIN;
  if (!(x < KS_EXP_MAX)) x = KS_EXP_MAX;
  const float n = fmaf(x, KS_LOG2_E, KS_ROUND_MAGIC) - KS_ROUND_MAGIC;
  const float r = fmaf(n, -KS_LN2_LOW, fmaf(n, -KS_LN2_HIGH, x));
  float q = fmaf(KS_EXP_5, r, KS_EXP_4);
  q = fmaf(q, r, KS_EXP_3);
  q = fmaf(q, r, KS_EXP_2);
  q = fmaf(q, r, KS_EXP_1);
  q = fmaf(q, r, KS_EXP_0);
  const float e = fmaf(r * r, q, r) + 1.0f;
  const int32_t exponent = (int32_t)n;
  const int32_t half = exponent >> 1;
  return e * power_of_two(half) * power_of_two(exponent - half);
}

static float tanh_one(float x) {
  if (x != x) return x;
  const float t = fabsf(x);
  if (t < KS_TANH_SMALL) {
    const float s = x * x;
    float p = fmaf(KS_TANH_4, s, KS_TANH_3);
    p = fmaf(p, s, KS_TANH_2);
    p = fmaf(p, s, KS_TANH_1);
    p = fmaf(p, s, KS_TANH_0);
    return fmaf(x * s, p, x) + 0.0f;
  }
  const float clamped = t < KS_TANH_ONE ? t : KS_TANH_ONE;
  const float y = 1.0f - 2.0f / (exp_one(clamped + clamped) + 1.0f);
  return x < 0.0f ? -y : y;
}

static void exp_map(size_t n, const float *x, float *out) {
  for (size_t i = 0; i < n; i++) out[i] = exp_one(x[i]);
}

static void tanh_map(size_t n, const float *x, float *out) {
  for (size_t i = 0; i < n; i++) out[i] = tanh_one(x[i]);
}

static void relu_map(size_t n, const float *x, float *out) {
  for (size_t i = 0; i < n; i++) out[i] = x[i] > 0.0f || x[i] != x[i] ? x[i] : 0.0f;
}

static float without_subnormal(float x) { return fabsf(x) < KS_SMALLEST_NORMAL ? 0.0f : x; }

static void tanh_backward(size_t n, const float *h, const float *dh, float *dz) {
  for (size_t i = 0; i < n; i++) dz[i] = without_subnormal(dh[i] * fmaf(-h[i], h[i], 1.0f));
}

static void relu_backward(size_t n, const float *h, const float *dh, float *dz) {
  for (size_t i = 0; i < n; i++) dz[i] = without_subnormal(h[i] > 0.0f ? dh[i] : 0.0f);
}

static double tree(double lanes[16]) {
  for (int width = 8; width > 0; width /= 2) {
    for (int l = 0; l < width; l++) lanes[l] += lanes[l + width];
  }
  return lanes[0];
}

static double mean_squared_error(size_t n, const float *q, const float *y, float *dq) {
  double lanes[16] = {0};
  const float scale = (float)(2.0 / (double)n);
  for (size_t i = 0; i < n; i++) {
    const float e = q[i] - y[i];
    lanes[i % 16] += (double)e * (double)e;
    dq[i] = e * scale;
  }
  return tree(lanes) / (double)n;
}

static double sum_of_squares(size_t n, const float *x) {
  double lanes[16] = {0};
  for (size_t i = 0; i < n; i++) lanes[i % 16] += (double)x[i] * (double)x[i];
  return tree(lanes);
}

static void column_sums(size_t rows, size_t columns, const float *in, float *sums) {
  for (size_t c = 0; c < columns; c++) {
    float lanes[16] = {0};
    for (size_t r = 0; r < rows; r++) lanes[r % 16] += in[r * columns + c];
    for (int width = 8; width > 0; width /= 2) {
      for (int l = 0; l < width; l++) lanes[l] += lanes[l + width];
    }
    sums[c] = lanes[0];
  }
}

static int adam(size_t n, float *p, float *m, float *v, const float *g, const ks_adam_scalars *s) {
  int finite = 1;
  for (size_t i = 0; i < n; i++) {
    m[i] = without_subnormal(fmaf(g[i] - m[i], s->one_minus_beta1, m[i]));
    v[i] = without_subnormal(fmaf(g[i] * s->one_minus_beta2, g[i], v[i] * s->beta2));
    const float denominator = fmaf(sqrtf(v[i]), s->inverse_root_correction2, s->epsilon);
    p[i] = fmaf(-s->step_size, m[i] / denominator, p[i]) + 0.0f;
    finite &= isfinite(p[i]) && isfinite(m[i]) && isfinite(v[i]);
  }
  return finite;
}

const ks_kernels *ks_naive_kernels(void) {
  static const ks_kernels naive = {
      .name = "naive",
      .product = product,
      .transpose = transpose,
      .exp = exp_map,
      .tanh = tanh_map,
      .relu = relu_map,
      .tanh_backward = tanh_backward,
      .relu_backward = relu_backward,
      .mean_squared_error = mean_squared_error,
      .column_sums = column_sums,
      .sum_of_squares = sum_of_squares,
      .adam = adam,
  };
  return &naive;
}
