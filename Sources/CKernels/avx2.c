// x86-64 with AVX2 and FMA: 16 registers of 8 lanes.
#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define KS_NAME "avx2"
#define KS_TABLE ks_avx2_kernels
#define KS_LANES 8
#define KS_VECTORS 2
#define KS_ROWS 6
#define KS_NARROW_ROWS 8
#define KS_ROW_VECTORS 8
#include "kernels.inc"
#pragma clang attribute pop
#else
typedef int ks_no_avx2;  // a translation unit must not be empty
#endif
