// The baseline of every processor: without fused multiply-add in hardware the C library's exact fmaf does it.
#define KS_NAME "scalar"
#define KS_TABLE ks_scalar_kernels
#define KS_ROWS 1
#define KS_VECTORS 1
#include "kernels.inc"
