// What one core's fused multiply-adds reach right now, in GFLOP/s: 24 independent chains of 16 lanes in AVX-512, the best
// of many short runs. No product can be faster. Prints nothing where there is no AVX-512.
#include <stdio.h>

#if defined(__x86_64__)
#include <immintrin.h>
#include <time.h>

enum { CHAINS = 24, LINKS = 50000, RUNS = 200 };

static double seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

__attribute__((target("avx512f"))) static double gflops(void) {
  const __m512 x = _mm512_set1_ps(0.5f), y = _mm512_set1_ps(1.0f);
  __m512 chain[CHAINS];
  for (int c = 0; c < CHAINS; c++) chain[c] = _mm512_set1_ps((float)c);
  const double began = seconds();
  for (int i = 0; i < LINKS; i++) {
#pragma clang loop unroll(full)
    for (int c = 0; c < CHAINS; c++) chain[c] = _mm512_fmadd_ps(chain[c], x, y);
    __asm__ volatile("" ::"v"(chain[0]));
  }
  const double took = seconds() - began;
  volatile float kept = 0;
  for (int c = 0; c < CHAINS; c++) kept = kept + _mm512_reduce_add_ps(chain[c]);
  return 2.0 * 16 * CHAINS * LINKS / took * 1e-9;
}

int main(void) {
  double best = 0;
  for (int run = 0; run < RUNS && __builtin_cpu_supports("avx512f"); run++) {
    const double now = gflops();
    if (now > best) best = now;
  }
  if (best > 0) printf("%.0f\n", best);
}
#else
int main(void) { return 0; }
#endif
