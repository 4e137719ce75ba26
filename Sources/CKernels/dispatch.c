// Which instruction sets this machine has.
#include <fenv.h>
#include <string.h>

#include "CKernels.h"

extern const ks_kernels ks_scalar_kernels;
#if defined(__x86_64__)
extern const ks_kernels ks_avx2_kernels, ks_avx512_kernels;
#elif defined(__aarch64__)
extern const ks_kernels ks_neon_kernels;
#endif

// Slowest first; NULL past the end.
static const ks_kernels *kernels_at(size_t index) {
  const ks_kernels *present[4] = {&ks_scalar_kernels};
  size_t count = 1;
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
    present[count++] = &ks_avx2_kernels;
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl")) {
      present[count++] = &ks_avx512_kernels;
    }
  }
#elif defined(__aarch64__)
  present[count++] = &ks_neon_kernels;
#endif
  return index < count ? present[index] : NULL;
}

const ks_kernels *ks_kernels_named(const char *name) {
  const ks_kernels *kernels;
  for (size_t i = 0; (kernels = kernels_at(i)) != NULL; i++) {
    if (strcmp(kernels->name, name) == 0) {
      return kernels;
    }
  }
  return NULL;
}

const char *ks_kernels_name_at(size_t index) {
  const ks_kernels *kernels = kernels_at(index);
  return kernels == NULL ? NULL : kernels->name;
}

void ks_reset_floating_point_mode(void) { fesetenv(FE_DFL_ENV); }
