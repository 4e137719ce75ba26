// The optimizers' updates: three in a row, so that moments come from moments.
#include <string.h>

#include "floats.h"
#include "subjects.h"

enum { LONGEST = 70, MANY = 5000, UPDATES = 3 };

// What an update works on.
typedef struct tensor {
  size_t n;
  float *p, *m, *v;
  float *g[UPDATES];
} tensor;

static tensor new_tensor(size_t n, float_kind kind) {
  tensor t = {.n = n, .p = new_output(n), .m = new_output(n), .v = new_output(n)};
  memcpy(t.p, random_floats(n, kind == TINY ? NEAR_ONE : kind, n), n * sizeof(float));
  memset(t.m, 0, n * sizeof(float));
  memset(t.v, 0, n * sizeof(float));
  for (int i = 0; i < UPDATES; i++) {
    t.g[i] = random_floats(n, kind, n + 1000 * (uint64_t)(i + 1));
  }
  return t;
}

static void add_tensor(digest *d, const tensor *t, int is_finite) {
  add_number(d, (uint32_t)is_finite);
  add_output(d, t->n, t->p);
  add_output(d, t->n, t->m);
  add_output(d, t->n, t->v);
}

static void add_adam(digest *d, const ks_kernels *kernels, size_t n, float_kind kind) {
  static const ks_adam_scalars variants[] = {
      {0.1f, 0.999f, 0.001f, 0.01f, 31.6f, 1e-8f, 0.0f, 1.0f},
      {0.1f, 0.999f, 0.001f, 0.01f, 31.6f, 1e-8f, 0.05f, 1.0f},
      {0.3f, 0.9f, 0.1f, 0.25f, 1.5f, 1e-3f, 0.0f, 0.99f},
  };
  for (size_t i = 0; i < sizeof variants / sizeof variants[0]; i++) {
    tensor t = new_tensor(n, kind);
    for (int update = 0; update < UPDATES; update++) {
      add_tensor(d, &t, kernels->adam(n, t.p, t.m, t.v, t.g[update], &variants[i]));
    }
  }
  free_floats();
}

static void add_sgd(digest *d, const ks_kernels *kernels, size_t n, float_kind kind) {
  static const ks_sgd_scalars variants[] = {
      {0.05f, 0.0f, 0.0f, 0}, {0.05f, 0.0f, 0.1f, 0}, {0.05f, 0.9f, 0.0f, 0}, {0.05f, 0.9f, 0.01f, 1}};
  for (size_t i = 0; i < sizeof variants / sizeof variants[0]; i++) {
    tensor t = new_tensor(n, kind);
    float *m = variants[i].momentum == 0.0f ? NULL : t.m;
    for (int update = 0; update < UPDATES; update++) {
      add_tensor(d, &t, kernels->sgd(n, t.p, m, t.g[update], &variants[i]));
    }
  }
  free_floats();
}

static void add_rmsprop(digest *d, const ks_kernels *kernels, size_t n, float_kind kind) {
  static const ks_rmsprop_scalars variants[] = {{0.01f, 0.99f, 0.01f, 1e-8f, 0.0f, 0.0f},
                                                {0.01f, 0.9f, 0.1f, 1e-3f, 0.9f, 0.02f}};
  for (size_t i = 0; i < sizeof variants / sizeof variants[0]; i++) {
    tensor t = new_tensor(n, kind);
    float *m = variants[i].momentum == 0.0f ? NULL : t.m;
    for (int update = 0; update < UPDATES; update++) {
      add_tensor(d, &t, kernels->rmsprop(n, t.p, m, t.v, t.g[update], &variants[i]));
    }
  }
  free_floats();
}

void digest_optimizers(const ks_kernels *kernels) {
  const struct {
    const char *name;
    void (*add)(digest *d, const ks_kernels *kernels, size_t n, float_kind kind);
  } rules[] = {{"adam", add_adam}, {"sgd", add_sgd}, {"rmsprop", add_rmsprop}};
  for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
    for (float_kind kind = NEAR_ONE; kind < KIND_COUNT; kind++) {
      digest d = new_digest();
      for (size_t n = 0; n <= LONGEST; n++) {
        rules[i].add(&d, kernels, n, kind);
      }
      rules[i].add(&d, kernels, MANY, kind);
      print_digest(&d, "%s of 0 to %d and of %d values, %s", rules[i].name, LONGEST, MANY, kind_names[kind]);
    }
  }
}
