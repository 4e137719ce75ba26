// The naive twins: each kernel as the contract states it, one element after the other.
#pragma STDC FP_CONTRACT OFF

#include <math.h>
#include <string.h>

#include "CKernels.h"
#include "constants.h"

#include "naive_product.inc"

#include "naive_functions.inc"
#include "naive_sums.inc"
#include "naive_cells.inc"
#include "naive_dropout.inc"
#include "naive_losses.inc"
#include "naive_optimizers.inc"

const ks_kernels *ks_naive_kernels(void) {
  static const ks_kernels naive = {
      .name = "naive",
      .product = product,
      .packed_count = packed_count,
      .pack = pack,
      .product_packed = product_packed,
      .transpose = transpose,
      .exp = exp_map,
      .tanh = tanh_map,
      .sigmoid = sigmoid_map,
      .relu = relu_map,
      .tanh_backward = tanh_backward,
      .relu_backward = relu_backward,
      .lstm = lstm,
      .lstm_backward = lstm_backward,
      .gru = gru,
      .gru_backward = gru_backward,
      .dropout = dropout,
      .mean_squared_error = mean_squared_error,
      .mean_absolute_error = mean_absolute_error,
      .huber = huber,
      .cross_entropy = cross_entropy,
      .column_sums = column_sums,
      .sum_of_squares = sum_of_squares,
      .clip = clip,
      .adam = adam,
      .sgd = sgd,
      .rmsprop = rmsprop,
  };
  return &naive;
}
