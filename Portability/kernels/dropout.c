// Dropout: the random numbers and the masking.
#include "floats.h"
#include "subjects.h"

void digest_dropout(const ks_kernels *kernels) {
  static const uint32_t below[] = {0, 1u << 30, 1u << 31, 0xC0000000, UINT32_MAX};
  // The start of a layer, within a counter block, around a carry into the counter's second word, of a later layer.
  static const uint64_t firsts[] = {0, 1, 2, 3, 61, (1ull << 34) - 150, (1ull << 34) - 7, (5ull << 40) + 6};
  for (size_t i = 0; i < sizeof firsts / sizeof firsts[0]; i++) {
    digest d = new_digest();
    for (size_t j = 0; j < sizeof below / sizeof below[0]; j++) {
      const ks_dropout_mask mask = {.seed = 0x0123456789ABCDEF * (j + 1), .step = (j << 33) + i, .purpose = 10,
                                    .below = below[j], .scale = 1.0f + (float)j / 3.0f};
      for (size_t n = 0; n < 400; n += n < 70 ? 1 : 97) {
        float *out = new_output(n);
        kernels->dropout(n, &mask, firsts[i], random_floats(n, j % 2 == 0 ? NEAR_ONE : WILD, n), out);
        add_output(&d, n, out);
        kernels->dropout(n, &mask, firsts[i], out, out);
        add_output(&d, n, out);
        free_floats();
      }
    }
    print_digest(&d, "dropout of 0 to 400 values from element %llu", (unsigned long long)firsts[i]);
  }
}
