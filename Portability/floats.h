// Memory for floats, and numbers that have the same bits on every machine: made of integers, without libm.
#ifndef FLOATS_H
#define FLOATS_H

#include <stddef.h>
#include <stdint.h>

#include "digest.h"

// n zeros, 64-byte aligned. Ends the program where there is no memory.
float *new_floats(size_t n);

// Frees all floats that were made since the start.
void free_floats(void);

// A kernel's output of n floats with a guard behind it, all filled with a number that no kernel gives.
float *new_output(size_t n);

// Adds such an output and its guard, so that a float written where none belongs shows in the digest.
void add_output(digest *d, size_t n, const float *out);

// What kinds of numbers there are.
typedef enum float_kind {
  NEAR_ONE,  // from -2 to 2; every eighth is a zero of either sign, subnormal, or so small that squares underflow
  WIDE,      // magnitudes of 2^-70 to 2^60
  TINY,      // magnitudes of 2^-80 to 2^-55: products are subnormal or close to it
  WILD,      // any bit pattern but NaN's; every second is a border of the functions or next to one
  KIND_COUNT,
} float_kind;

extern const char *const kind_names[KIND_COUNT];

// n numbers of a kind.
float *random_floats(size_t n, float_kind kind, uint64_t seed);

// The same numbers as the function `numbers` of Tests/RecurrentTests/Support.swift: small quotients around zero.
void set_numbers(size_t n, uint64_t salt, float *out);

#endif
