#include "matrix.h"

#include "floats.h"

enum { MOST_PLAIN = 4096 };  // floats of a matrix that is read in place

matrix new_matrix(const ks_kernels *kernels, const float *source, size_t rows, size_t columns, size_t row_stride,
                  size_t column_stride) {
  const int is_plain = column_stride == 1 && rows * columns <= MOST_PLAIN;
  return (matrix){source, rows, columns, row_stride, column_stride,
                  is_plain ? NULL : new_floats(kernels->packed_count(rows, columns))};
}

void pack_matrix(const ks_kernels *kernels, const matrix *b) {
  if (b->packed != NULL) {
    kernels->pack(b->rows, b->columns, b->source, b->row_stride, b->column_stride, b->packed);
  }
}

void multiply(const ks_kernels *kernels, size_t m, const float *a, size_t a_row, const matrix *b, float *c,
              size_t c_row, ks_start start, const float *bias) {
  if (b->packed != NULL) {
    kernels->product_packed(m, b->columns, b->rows, a, a_row, 1, b->packed, c, c_row, start, bias);
  } else {
    kernels->product(m, b->columns, b->rows, a, a_row, 1, b->source, b->row_stride, c, c_row, start, bias);
  }
}
