// A tensor of weights with its gradient and moments.
#ifndef TENSOR_H
#define TENSOR_H

#include <stddef.h>
#include <stdint.h>

typedef struct tensor {
  size_t count;
  int multiplicity;  // 2 for a bias that stands for PyTorch's two
  float *p, *g, *m, *v;
} tensor;

// What a tensor's untrained weights are drawn for: Philox.Purpose of Sources/Recurrent.
typedef enum purpose {
  NOTHING = 0,
  INPUT_WEIGHTS,
  HIDDEN_WEIGHTS,
  INPUT_BIAS,
  HIDDEN_BIAS,
  OUTPUT_WEIGHTS,
  OUTPUT_BIAS,
  PROJECTION,
  CANDIDATE_INPUT_BIAS,
  CANDIDATE_HIDDEN_BIAS,
  DROPOUT,
} purpose;

enum { SEED = 1 };

// The index of an element of a layer and direction, the `place`-th in the order of the tensors.
static inline uint64_t index_of(size_t element, size_t place) { return (uint64_t)place << 40 | element; }

// An untrained tensor, drawn from the uniform distribution over ± 1 / √fan. Where there is a second purpose, the
// tensor stands for two and is the sum of two draws.
tensor new_tensor(size_t count, size_t fan, purpose first, purpose second, size_t place);

#endif
