#include "digest.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void add_bits(digest *d, uint64_t bits, int bytes) {
  for (int byte = 0; byte < bytes; byte++) {
    d->value = (d->value ^ (bits >> (8 * byte) & 0xFF)) * 0x100000001B3;
  }
}

digest new_digest(void) { return (digest){0xCBF29CE484222325}; }

void add_number(digest *d, uint32_t x) { add_bits(d, x, 4); }

void add_floats(digest *d, size_t n, const float *x) {
  for (size_t i = 0; i < n; i++) {
    uint32_t bits;
    memcpy(&bits, &x[i], sizeof bits);
    add_number(d, x[i] != x[i] ? 0x7FC00000 : bits);
  }
}

void add_double(digest *d, double x) {
  uint64_t bits;
  memcpy(&bits, &x, sizeof bits);
  add_bits(d, x != x ? 0x7FF8000000000000 : bits, 8);
}

void print_digest(const digest *d, const char *name, ...) {
  printf("%016" PRIx64 "  ", d->value);
  va_list arguments;
  va_start(arguments, name);
  vprintf(name, arguments);
  va_end(arguments);
  putchar('\n');
}
