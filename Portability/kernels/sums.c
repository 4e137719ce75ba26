// Sums in lanes, and the clipping of gradients.
#include <math.h>
#include <string.h>

#include "floats.h"
#include "subjects.h"

enum { LONGEST = 70, MANY = 5000 };

static void digest_column_sums(const ks_kernels *kernels, float_kind kind) {
  digest d = new_digest();
  for (size_t rows = 0; rows <= 50; rows += rows < 18 ? 1 : 16) {
    for (size_t columns = 0; columns <= LONGEST; columns++) {
      float *sums = new_output(columns);
      kernels->column_sums(rows, columns, random_floats(rows * (columns + 3), kind, rows * 100 + columns), columns + 3,
                           sums);
      add_output(&d, columns, sums);
      free_floats();
    }
  }
  print_digest(&d, "column_sums of 0 to 50 rows of 0 to %d, %s", LONGEST, kind_names[kind]);
}

static void add_vector(digest *squares, digest *clipped, const ks_kernels *kernels, size_t n, float_kind kind) {
  const float *x = random_floats(n, kind, n);
  add_double(squares, kernels->sum_of_squares(n, x));
  static const float bounds[] = {0.25f, 1e20f, INFINITY};
  for (size_t i = 0; i < sizeof bounds / sizeof bounds[0]; i++) {
    float *g = new_output(n);
    memcpy(g, x, n * sizeof(float));
    kernels->clip(n, g, 1.0f / (float)(i + 1), bounds[i]);
    add_output(clipped, n, g);
  }
  free_floats();
}

void digest_sums(const ks_kernels *kernels) {
  for (float_kind kind = NEAR_ONE; kind < KIND_COUNT; kind++) {
    digest_column_sums(kernels, kind);
    digest squares = new_digest(), clipped = new_digest();
    for (size_t n = 0; n <= LONGEST; n++) {
      add_vector(&squares, &clipped, kernels, n, kind);
    }
    add_vector(&squares, &clipped, kernels, MANY, kind);
    print_digest(&squares, "sum_of_squares of 0 to %d and of %d values, %s", LONGEST, MANY, kind_names[kind]);
    print_digest(&clipped, "clip of 0 to %d and of %d values, %s", LONGEST, MANY, kind_names[kind]);
  }
}
