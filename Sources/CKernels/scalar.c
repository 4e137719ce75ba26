// The baseline of every processor. That of x86-64 has no fused multiply-add: fma.inc makes one out of doubles.
#define KS_NAME "scalar"
#define KS_TABLE ks_scalar_kernels
#define KS_LANES 4
#define KS_VECTORS 2
#define KS_ROWS 4
#define KS_NARROW_ROWS 4
#define KS_ROW_VECTORS 4
#if defined(__x86_64__)
#define KS_SOFTWARE_FMA
#endif
#include "kernels.inc"
