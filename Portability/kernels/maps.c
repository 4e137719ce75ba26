// The activations and their derivatives.
#include <string.h>

#include "floats.h"
#include "subjects.h"

typedef void map(size_t n, const float *x, float *out);
typedef void backward_map(size_t n, const float *h, const float *dh, float *dz);

enum {
  LONGEST_TAIL = 67,  // each tail is met after 0, 1, 2, 3 and 4 whole vectors
  MANY = 20000,
  STEP = 4096,  // between the bit patterns of a dense sample
  CHUNK = 1 << 12,
};

// Every length from none to a few vectors, out of place and in place, and many numbers at once.
static void digest_map(const char *name, map *f) {
  digest d = new_digest();
  for (size_t n = 0; n <= LONGEST_TAIL; n++) {
    float *x = new_output(n), *out = new_output(n);
    memcpy(x, random_floats(n, WILD, n), n * sizeof(float));
    f(n, x, out);
    add_output(&d, n, out);
    f(n, x, x);
    add_output(&d, n, x);
    free_floats();
  }
  print_digest(&d, "%s of 0 to %d values", name, LONGEST_TAIL);
  for (float_kind kind = NEAR_ONE; kind < KIND_COUNT; kind++) {
    d = new_digest();
    float *out = new_output(MANY);
    f(MANY, random_floats(MANY, kind, 1), out);
    add_output(&d, MANY, out);
    print_digest(&d, "%s of %d values, %s", name, MANY, kind_names[kind]);
    free_floats();
  }
}

// Every STEP-th bit pattern of an eighth of all floats, NaN and infinities included.
static void digest_sample(const char *name, map *f, uint32_t eighth) {
  digest d = new_digest();
  float *x = new_floats(CHUNK), *out = new_floats(CHUNK);
  for (uint32_t first = 0; first < (1u << 29) / STEP; first += CHUNK) {
    for (uint32_t i = 0; i < CHUNK; i++) {
      const uint32_t bits = (eighth << 29) + (first + i) * STEP;
      memcpy(&x[i], &bits, sizeof bits);
    }
    f(CHUNK, x, out);
    add_floats(&d, CHUNK, out);
  }
  print_digest(&d, "%s of every %dth float from 0x%08x", name, STEP, eighth << 29);
  free_floats();
}

static void digest_backward_map(const char *name, backward_map *f) {
  digest d = new_digest();
  for (size_t n = 0; n <= LONGEST_TAIL; n++) {
    float *dh = new_output(n), *dz = new_output(n);
    const float *h = random_floats(n, WILD, n);
    memcpy(dh, random_floats(n, WILD, n + 100), n * sizeof(float));
    f(n, h, dh, dz);
    add_output(&d, n, dz);
    f(n, h, dh, dh);
    add_output(&d, n, dh);
    free_floats();
  }
  print_digest(&d, "%s of 0 to %d values", name, LONGEST_TAIL);
  for (float_kind kind = NEAR_ONE; kind < KIND_COUNT; kind++) {
    d = new_digest();
    float *dz = new_output(MANY);
    f(MANY, random_floats(MANY, NEAR_ONE, 2), random_floats(MANY, kind, 3), dz);
    add_output(&d, MANY, dz);
    print_digest(&d, "%s of %d values, %s", name, MANY, kind_names[kind]);
    free_floats();
  }
}

void digest_maps(const ks_kernels *kernels) {
  const struct {
    const char *name;
    map *f;
  } maps[] = {{"exp", kernels->exp}, {"tanh", kernels->tanh}, {"sigmoid", kernels->sigmoid}, {"relu", kernels->relu}};
  for (size_t i = 0; i < sizeof maps / sizeof maps[0]; i++) {
    digest_map(maps[i].name, maps[i].f);
    for (uint32_t eighth = 0; eighth < 8; eighth++) {
      digest_sample(maps[i].name, maps[i].f, eighth);
    }
  }
  digest_backward_map("tanh_backward", kernels->tanh_backward);
  digest_backward_map("relu_backward", kernels->relu_backward);
}
