// x86-64 with AVX-512: 32 registers of 16 lanes.
#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma,avx512f,avx512dq,avx512bw,avx512vl"))), apply_to = function)
#define KS_NAME "avx512"
#define KS_TABLE ks_avx512_kernels
#define KS_LANES 16
#define KS_VECTORS 4
#define KS_ROWS 6
#define KS_NARROW_ROWS 12
#define KS_ROW_VECTORS 8
#include "kernels.inc"
#pragma clang attribute pop
#else
typedef int ks_no_avx512;  // a translation unit must not be empty
#endif
