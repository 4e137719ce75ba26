// The losses and their gradients.
#include "floats.h"
#include "subjects.h"

enum { LONGEST = 70, MANY = 5000 };

// All three losses of n outputs.
static void add_losses(digest d[3], const ks_kernels *kernels, size_t n, float_kind kind) {
  const float *q = random_floats(n, kind, n), *y = random_floats(n, kind, n + 1000000);
  float *dq = new_output(n);
  add_double(&d[0], kernels->mean_squared_error(n, q, y, dq));
  add_output(&d[0], n, dq);
  add_double(&d[1], kernels->mean_absolute_error(n, q, y, dq));
  add_output(&d[1], n, dq);
  static const float deltas[] = {0.1f, 1.0f, 2.5f};
  for (size_t i = 0; i < sizeof deltas / sizeof deltas[0]; i++) {
    add_double(&d[2], kernels->huber(n, q, y, deltas[i], dq));
    add_output(&d[2], n, dq);
  }
  free_floats();
}

static void add_cross_entropy(digest *d, const ks_kernels *kernels, size_t rows, size_t classes, float_kind kind) {
  float *q = random_floats(rows * classes, kind, rows * 100 + classes);
  float *y = new_floats(rows), *dq = new_output(rows * classes);
  for (size_t r = 0; r < rows; r++) {
    y[r] = (float)((r * 7 + 3) % classes);
    if (r % 3 == 1) {  // rows with two that are equal, the target's being one
      q[r * classes + (r * 5) % classes] = q[r * classes + (size_t)y[r]];
    }
  }
  size_t correct = 0;
  add_double(d, kernels->cross_entropy(rows, classes, q, y, dq, &correct));
  add_output(d, rows * classes, dq);
  add_number(d, (uint32_t)correct);
  free_floats();
}

void digest_losses(const ks_kernels *kernels) {
  static const char *const names[] = {"mean_squared_error", "mean_absolute_error", "huber"};
  for (float_kind kind = NEAR_ONE; kind < KIND_COUNT; kind++) {
    digest d[3] = {new_digest(), new_digest(), new_digest()};
    for (size_t n = 1; n <= LONGEST; n++) {
      add_losses(d, kernels, n, kind);
    }
    add_losses(d, kernels, MANY, kind);
    for (size_t i = 0; i < 3; i++) {
      print_digest(&d[i], "%s of 1 to %d and of %d values, %s", names[i], LONGEST, MANY, kind_names[kind]);
    }
    digest cross_entropy = new_digest();
    for (size_t classes = 1; classes <= LONGEST; classes++) {
      for (size_t rows = 1; rows <= 34; rows += 3) {
        add_cross_entropy(&cross_entropy, kernels, rows, classes, kind);
      }
    }
    print_digest(&cross_entropy, "cross_entropy of 1 to %d classes, %s", LONGEST, kind_names[kind]);
  }
}
