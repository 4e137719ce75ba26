#include "update.h"

#include <math.h>

// What visiting a tensor needs and leaves.
typedef struct visit {
  const ks_kernels *kernels;
  const settings *settings;
  double squares;      // gradient_norm's
  float scale, bound;  // clip_gradients'
  int step;            // update's
  int is_finite;
} visit;

static void add_squares(tensor *t, void *context) {
  visit *v = context;
  v->squares += (double)t->multiplicity * v->kernels->sum_of_squares(t->count, t->g);
}

double gradient_norm(network *n) {
  visit v = {.kernels = n->kernels};
  for_each_tensor(n, add_squares, &v);
  return sqrt(v.squares);
}

static void clip_tensor(tensor *t, void *context) {
  const visit *v = context;
  v->kernels->clip(t->count, t->g, v->scale, v->bound);
}

void clip_gradients(network *n, double norm) {
  const settings *s = n->settings;
  if (s->most_norm > 0 || s->most_value > 0) {
    visit v = {.kernels = n->kernels,
               .scale = s->most_norm > 0 ? (float)fmin(1, s->most_norm / (norm + 1e-6)) : 1,
               .bound = s->most_value > 0 ? (float)s->most_value : INFINITY};
    for_each_tensor(n, clip_tensor, &v);
  }
}

// By repeated squaring, as Adam.power has it.
static double power(double base, int exponent) {
  double result = 1, square = base;
  for (; exponent > 0; exponent >>= 1) {
    if (exponent & 1) {
      result *= square;
    }
    square *= square;
  }
  return result;
}

static int adam(tensor *t, const visit *v) {
  const settings *s = v->settings;
  const int is_decoupled = s->optimizer == ADAMW;
  const double beta1 = 0.9, beta2 = 0.999, step_size = s->learning_rate / (1 - power(beta1, v->step));
  const ks_adam_scalars scalars = {
      .one_minus_beta1 = (float)(1 - beta1),
      .beta2 = (float)beta2,
      .one_minus_beta2 = (float)(1 - beta2),
      .step_size = (float)(step_size * t->multiplicity),
      .inverse_root_correction2 = (float)(1 / sqrt(1 - power(beta2, v->step))),
      .epsilon = (float)1e-8,
      .l2 = is_decoupled ? 0 : (float)(s->weight_decay / t->multiplicity),
      .keep = is_decoupled ? (float)(1 - s->learning_rate * s->weight_decay) : 1,
  };
  return v->kernels->adam(t->count, t->p, t->m, t->v, t->g, &scalars);
}

static int sgd(tensor *t, const visit *v) {
  const settings *s = v->settings;
  const ks_sgd_scalars scalars = {(float)(s->learning_rate * t->multiplicity), (float)s->momentum,
                                  (float)(s->weight_decay / t->multiplicity), s->nesterov};
  return v->kernels->sgd(t->count, t->p, s->momentum == 0 ? NULL : t->m, t->g, &scalars);
}

static int rmsprop(tensor *t, const visit *v) {
  const settings *s = v->settings;
  const double alpha = 0.99;
  const ks_rmsprop_scalars scalars = {.step_size = (float)(s->learning_rate * t->multiplicity),
                                      .alpha = (float)alpha,
                                      .one_minus_alpha = (float)(1 - alpha),
                                      .epsilon = (float)1e-8,
                                      .momentum = (float)s->momentum,
                                      .l2 = (float)(s->weight_decay / t->multiplicity)};
  return v->kernels->rmsprop(t->count, t->p, s->momentum == 0 ? NULL : t->m, t->v, t->g, &scalars);
}

static void update_tensor(tensor *t, void *context) {
  visit *v = context;
  switch (v->settings->optimizer) {
    case SGD: v->is_finite &= sgd(t, v); break;
    case RMSPROP: v->is_finite &= rmsprop(t, v); break;
    default: v->is_finite &= adam(t, v);
  }
}

int update(network *n, int step) {
  visit v = {.kernels = n->kernels, .settings = n->settings, .step = step, .is_finite = 1};
  for_each_tensor(n, update_tensor, &v);
  return v.is_finite;
}
