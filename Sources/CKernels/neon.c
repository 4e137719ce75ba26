// aarch64, where NEON and fused multiply-add belong to the baseline: 32 registers of 4 lanes.
#if defined(__aarch64__)
#define KS_NAME "neon"
#define KS_TABLE ks_neon_kernels
#define KS_LANES 4
#define KS_VECTORS 4
#define KS_ROWS 6
#define KS_NARROW_ROWS 12
#define KS_ROW_VECTORS 16
#include "kernels.inc"
#else
typedef int ks_no_neon;  // a translation unit must not be empty
#endif
