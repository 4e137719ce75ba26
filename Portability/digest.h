// Digests of results: FNV-1a over bit patterns, 64 bits, as Tests/RecurrentTests/Digest.swift has it. All NaN count as
// one: which of two operands a NaN is taken from differs between processors.
#ifndef DIGEST_H
#define DIGEST_H

#include <stddef.h>
#include <stdint.h>

typedef struct digest {
  uint64_t value;
} digest;

digest new_digest(void);
void add_floats(digest *d, size_t n, const float *x);  // x [n]
void add_double(digest *d, double x);
void add_number(digest *d, uint32_t x);

// Prints one line: the digest's 16 hexadecimal digits, and the subject's name, formatted as by printf.
__attribute__((format(printf, 2, 3))) void print_digest(const digest *d, const char *name, ...);

#endif
