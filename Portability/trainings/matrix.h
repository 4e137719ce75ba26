// A matrix of weights as products read it: where it is, or packed once a step. PackedMatrix of Sources/Recurrent.
#ifndef MATRIX_H
#define MATRIX_H

#include "CKernels.h"

// b [rows, columns] with b(i, j) = source[i · row_stride + j · column_stride].
typedef struct matrix {
  const float *source;
  size_t rows, columns, row_stride, column_stride;
  float *packed;  // NULL where it is read in place
} matrix;

matrix new_matrix(const ks_kernels *kernels, const float *source, size_t rows, size_t columns, size_t row_stride,
                  size_t column_stride);

void pack_matrix(const ks_kernels *kernels, const matrix *b);

// c [m, columns] = start + a [m, rows] · b.
void multiply(const ks_kernels *kernels, size_t m, const float *a, size_t a_row, const matrix *b, float *c,
              size_t c_row, ks_start start, const float *bias);

#endif
