#include "floats.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { GUARD = 20 };  // floats behind an output

// ---- Memory ----

// Every allocation, the newest first.
typedef struct block {
  struct block *older;
  float *floats;
} block;

static block *newest = NULL;

float *new_floats(size_t n) {
  const size_t bytes = (n * sizeof(float) + 64) / 64 * 64;
  block *added = malloc(sizeof *added);
  float *floats = aligned_alloc(64, bytes);
  if (added == NULL || floats == NULL) {
    fprintf(stderr, "error: there is no memory for %zu floats\n", n);
    exit(2);
  }
  *added = (block){newest, floats};
  newest = added;
  return memset(floats, 0, bytes);
}

void free_floats(void) {
  while (newest != NULL) {
    block *const old = newest;
    newest = old->older;
    free(old->floats);
    free(old);
  }
}

float *new_output(size_t n) {
  float *out = new_floats(n + GUARD);
  for (size_t i = 0; i < n + GUARD; i++) {
    out[i] = 0x1.e240p+77f;
  }
  return out;
}

void add_output(digest *d, size_t n, const float *out) { add_floats(d, n + GUARD, out); }

// ---- Numbers ----

const char *const kind_names[KIND_COUNT] = {"near one", "wide", "tiny", "wild"};

// SplitMix64 (Steele, Lea and Flood 2014).
static uint64_t next_random(uint64_t *state) {
  uint64_t z = *state += 0x9E3779B97F4A7C15;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
  return z ^ (z >> 31);
}

static float from_bits(uint32_t bits) {
  float x;
  memcpy(&x, &bits, sizeof x);
  return x;
}

// A number of either sign with an exponent from `least` to below `least` + `span`.
static float of_magnitude(uint64_t bits, int least, uint32_t span) {
  const uint32_t exponent = (uint32_t)(127 + least) + (uint32_t)(bits >> 32) % span;
  return from_bits(((uint32_t)bits & 0x807FFFFF) | exponent << 23);
}

static float near_one(uint64_t bits) {
  static const float odd[8] = {0.0f, -0.0f, 1e-30f, -1e-30f, 0x1p-140f, -0x1p-140f, 0x1p-126f, -0x1p-126f};
  return bits % 8 == 0 ? odd[bits >> 3 & 7] : ((float)(bits >> 40) - 0x1p23f) * 0x1p-22f;
}

static float wild(uint64_t bits) {
  // Where the functions or the formats change their ways; 0x7F800000 is infinity.
  static const uint32_t borders[] = {0,          1,          0x00400000, 0x00800000, 0x1E3CE508, 0x38D1B717, 0x3EB17218,
                                     0x3F200000, 0x3F800000, 0x41100000, 0x41200000, 0x42300000, 0x42AEAC50, 0x42B17218,
                                     0x42B20000, 0x42CFF1B4, 0x42D00000, 0x501502F9, 0x7F7FFFFF, 0x7F800000};
  const uint32_t word = (uint32_t)(bits >> 32);
  if (bits % 2 == 0) {
    const uint32_t border = borders[word % (sizeof borders / sizeof borders[0])];
    const uint32_t step = (uint32_t)(bits >> 8) % 3;  // the one before it, itself, or the one behind it
    const uint32_t near = border + step - (border > 0);
    return from_bits((near > 0x7F800000 ? 0x7F800000 : near) | ((uint32_t)bits & 0x80000000));
  }
  return from_bits((word & 0x7FFFFFFF) > 0x7F800000 ? word & 0xBFFFFFFF : word);
}

float *random_floats(size_t n, float_kind kind, uint64_t seed) {
  float *x = new_floats(n);
  uint64_t state = seed * 0x100000001B3 + (uint64_t)kind;
  for (size_t i = 0; i < n; i++) {
    const uint64_t bits = next_random(&state);
    switch (kind) {
      case NEAR_ONE: x[i] = near_one(bits); break;
      case WIDE: x[i] = of_magnitude(bits, -70, 130); break;
      case TINY: x[i] = of_magnitude(bits, -80, 25); break;
      default: x[i] = wild(bits);
    }
  }
  return x;
}

void set_numbers(size_t n, uint64_t salt, float *out) {
  for (size_t i = 0; i < n; i++) {
    out[i] = ((float)((i * 7919 + salt * 104729) % 211) - 105.0f) / 64.0f;
  }
}
