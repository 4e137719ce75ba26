// The baseline of every processor. That of x86-64 has no fused multiply-add: fma.inc makes one out of doubles.
#define KS_NAME "scalar"
#define KS_TABLE ks_scalar_kernels
#define KS_ROWS 1
#define KS_VECTORS 1
#if defined(__x86_64__)
#define KS_SOFTWARE_FMA
#endif
#include "kernels.inc"
