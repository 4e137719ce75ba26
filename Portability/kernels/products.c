// Products and transposes.
#include "floats.h"
#include "subjects.h"

// How many floats lie between a row's end and the next row's start.
enum { GAP = 3 };

// Which elements of the operands lie where.
typedef struct layout {
  size_t a_row, a_col;
  size_t b_row, b_col;  // b_col other than 1 only where b is packed
} layout;

// c [m, n] = start + a [m, k] · b [k, n], from each start. Adds c and the gaps between its rows.
static void add_product(digest *d, const ks_kernels *kernels, size_t m, size_t n, size_t k, layout at, int is_packed,
                        float_kind kind) {
  const size_t c_row = n + GAP;
  const uint64_t seed = (m * 1000 + n) * 10000 + k;
  const float *a = random_floats((m + GAP) * (k + GAP), kind, seed);
  const float *b = random_floats((k + GAP) * (n + GAP), kind, seed + 1);
  const float *bias = random_floats(n, kind, seed + 2);
  float *packed = NULL;
  if (is_packed) {
    packed = new_floats(kernels->packed_count(k, n));
    kernels->pack(k, n, b, at.b_row, at.b_col, packed);
  }
  for (int start = KS_FROM_ZERO; start <= KS_CONTINUE; start++) {
    float *c = new_output(m * c_row);
    if (start == KS_CONTINUE) {
      const float *old = random_floats(m * n, kind, seed + 3);
      for (size_t r = 0; r < m; r++) {
        for (size_t j = 0; j < n; j++) {
          c[r * c_row + j] = old[r * n + j];
        }
      }
    }
    const float *from = start == KS_FROM_BIAS ? bias : NULL;
    if (is_packed) {
      kernels->product_packed(m, n, k, a, at.a_row, at.a_col, packed, c, c_row, (ks_start)start, from);
    } else {
      kernels->product(m, n, k, a, at.a_row, at.a_col, b, at.b_row, c, c_row, (ks_start)start, from);
    }
    add_output(d, m * c_row, c);
  }
}

// One shape with a and b as they are and transposed, where the kernel takes them so.
static void add_shape(digest *d, const ks_kernels *kernels, size_t m, size_t n, size_t k, int is_packed,
                      float_kind kind) {
  for (int is_a_transposed = 0; is_a_transposed < 2; is_a_transposed++) {
    const int is_b_transposed = is_packed && is_a_transposed;
    const layout at = {
        .a_row = is_a_transposed ? 1 : k + GAP,
        .a_col = is_a_transposed ? m + GAP : 1,
        .b_row = is_b_transposed ? 1 : n + GAP,
        .b_col = is_b_transposed ? k + GAP : 1,
    };
    add_product(d, kernels, m, n, k, at, is_packed, kind);
    free_floats();
  }
}

static const char *const product_names[] = {"product", "product_packed"};

// Every height and width of a register tile with its tails, over short chains.
static void digest_tiles(const ks_kernels *kernels, int is_packed) {
  static const size_t heights[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 13, 14};
  static const size_t widths[] = {0, 1, 2, 7, 8, 15, 16, 17, 31, 33, 47, 64, 65, 80, 113, 128, 129, 145};
  static const size_t chains[] = {0, 1, 2, 3, 5, 8, 17};
  for (size_t i = 0; i < sizeof heights / sizeof heights[0]; i++) {
    for (size_t j = 0; j < sizeof widths / sizeof widths[0]; j++) {
      digest d = new_digest();
      for (size_t l = 0; l < sizeof chains / sizeof chains[0]; l++) {
        add_shape(&d, kernels, heights[i], widths[j], chains[l], is_packed, (float_kind)((i + j + l) % WILD));
      }
      print_digest(&d, "%s [%zu, k] . [k, %zu], k from 0 to 17", product_names[is_packed], heights[i], widths[j]);
    }
  }
}

// Chains and shapes beyond the cache's blocks.
static void digest_blocks(const ks_kernels *kernels, int is_packed) {
  static const size_t shapes[][3] = {{1, 37, 1100}, {5, 300, 257},  {7, 65, 1030}, {13, 129, 521}, {3, 257, 513},
                                     {25, 100, 129}, {197, 70, 300}, {70, 130, 260}, {200, 17, 140}, {2, 1030, 40}};
  for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
    const size_t m = shapes[i][0], n = shapes[i][1], k = shapes[i][2];
    digest d = new_digest();
    add_shape(&d, kernels, m, n, k, is_packed, (float_kind)(i % WILD));
    print_digest(&d, "%s [%zu, %zu] . [%zu, %zu], %s", product_names[is_packed], m, k, k, n, kind_names[i % WILD]);
  }
}

void digest_products(const ks_kernels *kernels) {
  for (int is_packed = 0; is_packed < 2; is_packed++) {
    digest_tiles(kernels, is_packed);
    digest_blocks(kernels, is_packed);
  }
}

void digest_transposes(const ks_kernels *kernels) {
  static const size_t sizes[] = {0, 1, 2, 5, 8, 15, 16, 17, 33, 64, 130};
  const size_t count = sizeof sizes / sizeof sizes[0];
  for (size_t i = 0; i < count; i++) {
    digest d = new_digest();
    for (size_t j = 0; j < count; j++) {
      float *out = new_output(sizes[i] * sizes[j]);
      kernels->transpose(sizes[i], sizes[j], random_floats(sizes[i] * sizes[j], WILD, i * 100 + j), out);
      add_output(&d, sizes[i] * sizes[j], out);
      free_floats();
    }
    print_digest(&d, "transpose [%zu, n], n from 0 to 130", sizes[i]);
  }
}
