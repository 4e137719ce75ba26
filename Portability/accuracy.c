// exp, tanh and sigmoid of all 2^32 floats, with all of the machine's threads: within 2 units in the last place of the
// C library's values in double, and the same bits under every instruction set.
//
//     accuracy [SET…]    compares the fastest set with libm, and the sets named with the fastest
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "CKernels.h"

enum {
  BLOCK = 4096,      // floats that a kernel gets at once
  CHUNK = 1 << 20,   // floats that a thread takes at once
  CHUNKS = 1 << 12,  // all floats
  MOST_SETS = 4,
  MOST_THREADS = 64,
};
_Static_assert((uint64_t)CHUNK * CHUNKS == 1ull << 32, "every float is met once");

static const double limit = 2;  // ulp

typedef void map(size_t n, const float *x, float *out);

// One function of the table.
typedef struct function {
  const char *name;
  size_t kernel;  // its offset in the table
  double (*exact)(double x);
  float at_minus_infinity, at_zero, at_infinity;
} function;

static double exact_sigmoid(double x) { return 1 / (1 + exp(-x)); }  // without a cancellation

static const function functions[] = {
    {"exp", offsetof(ks_kernels, exp), exp, 0, 1, INFINITY},
    {"tanh", offsetof(ks_kernels, tanh), tanh, -1, 0, 1},
    {"sigmoid", offsetof(ks_kernels, sigmoid), exact_sigmoid, 0, 0.5f, 1},
};

static map *kernel_of(const ks_kernels *kernels, const function *f) {
  map *kernel;
  memcpy(&kernel, (const char *)kernels + f->kernel, sizeof kernel);
  return kernel;
}

// The largest distance from the exact value, and the first float where it is met.
typedef struct worst {
  double ulps;
  float x;
} worst;

// What the threads share.
typedef struct sweep {
  const function *function;
  const ks_kernels *fastest;
  size_t other_count;
  const ks_kernels *others[MOST_SETS];
  atomic_uint next;  // chunk
  pthread_mutex_t lock;
  worst worst;
  uint64_t checked, nans;
  uint64_t different[MOST_SETS];  // floats for which the other set has other bits
} sweep;

static uint32_t bits_of(float x) {
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  return bits;
}

// How far y is from `exact`, in units in the last place of the float nearest to `exact`, which are those of subnormals
// below the normal ones. Infinity counts as 2^128, where the next float would be.
static double ulps(float y, double exact) {
  const float nearest = (float)exact;
  if (isnan(exact) || isnan(y)) {
    return isnan(exact) && isnan(y) ? 0 : INFINITY;
  }
  if (isinf(nearest) && y == nearest) {
    return 0;
  }
  const int exponent = isinf(nearest) ? 127 : bits_of(nearest) >> 23 & 0xFF ? ilogbf(nearest) : -126;
  const double value = isinf(y) ? copysign(0x1p128, y) : y;
  return fabs(value - exact) / ldexp(1, exponent - 23);
}

// As `ulps` for a normal y next to the exact value, and fast; -1 where it takes the other function to say.
static inline double ulps_of_normal(float y, double exact) {
  const float nearest = (float)exact;
  const uint32_t exponent = bits_of(nearest) >> 23 & 0xFF;
  if (exponent - 1 >= 253 || !(fabsf(y) <= 0x1.fffffep+127f)) {
    return -1;
  }
  const uint64_t bits = (uint64_t)(1023 + 150 - exponent) << 52;  // 1 / ulp
  double per_ulp;
  memcpy(&per_ulp, &bits, sizeof per_ulp);
  return fabs(y - exact) * per_ulp;
}

static void check_block(const function *f, size_t n, const float *x, const float *y, worst *w, uint64_t *nans) {
  for (size_t i = 0; i < n; i++) {
    const double exact = f->exact(x[i]);
    double distance = ulps_of_normal(y[i], exact);
    if (distance < 0) {
      distance = ulps(y[i], exact);
      *nans += isnan(x[i]) && isnan(y[i]);
    }
    if (!(distance <= w->ulps)) {
      *w = (worst){distance, x[i]};
    }
  }
}

// The floats for which two results differ in their bits; all NaN are alike.
static uint64_t differences(size_t n, const float *a, const float *b) {
  uint64_t count = 0;
  for (size_t i = 0; i < n; i++) {
    count += bits_of(a[i]) != bits_of(b[i]) && !(a[i] != a[i] && b[i] != b[i]);
  }
  return count;
}

// One thread: chunks of bit patterns until there are no more.
static void *run(void *context) {
  sweep *s = context;
  worst w = {-1, 0};
  uint64_t checked = 0, nans = 0, different[MOST_SETS] = {0};
  static _Thread_local float x[BLOCK], y[BLOCK], other[BLOCK];
  unsigned chunk;
  while ((chunk = atomic_fetch_add(&s->next, 1)) < CHUNKS) {
    for (uint32_t first = 0; first < CHUNK; first += BLOCK) {
      for (uint32_t i = 0; i < BLOCK; i++) {
        const uint32_t bits = chunk * CHUNK + first + i;
        memcpy(&x[i], &bits, sizeof bits);
      }
      kernel_of(s->fastest, s->function)(BLOCK, x, y);
      check_block(s->function, BLOCK, x, y, &w, &nans);
      for (size_t set = 0; set < s->other_count; set++) {
        kernel_of(s->others[set], s->function)(BLOCK, x, other);
        different[set] += differences(BLOCK, y, other);
      }
      checked += BLOCK;
    }
  }
  pthread_mutex_lock(&s->lock);
  if (!(w.ulps <= s->worst.ulps) || (w.ulps == s->worst.ulps && bits_of(w.x) < bits_of(s->worst.x))) {
    s->worst = w;
  }
  s->checked += checked;
  s->nans += nans;
  for (size_t set = 0; set < s->other_count; set++) {
    s->different[set] += different[set];
  }
  pthread_mutex_unlock(&s->lock);
  return NULL;
}

static void run_threads(sweep *s) {
  const long processors = sysconf(_SC_NPROCESSORS_ONLN);
  const size_t count = processors < 1 ? 1 : processors > MOST_THREADS ? MOST_THREADS : (size_t)processors;
  pthread_t threads[MOST_THREADS];
  for (size_t i = 0; i < count; i++) {
    if (pthread_create(&threads[i], NULL, run, s) != 0) {
      fputs("error: a thread does not start\n", stderr);
      exit(2);
    }
  }
  for (size_t i = 0; i < count; i++) {
    pthread_join(threads[i], NULL);
  }
}

// Are the values at infinities and zeros the limits, to the bit?
static int has_limits(const sweep *s) {
  const function *f = s->function;
  const float x[] = {-INFINITY, -0.0f, 0, INFINITY};
  const float limits[] = {f->at_minus_infinity, f->at_zero, f->at_zero, f->at_infinity};
  float y[4];
  kernel_of(s->fastest, f)(4, x, y);
  return memcmp(y, limits, sizeof y) == 0;
}

// Sweeps one function, prints what was found, and returns whether it is as it should be.
static int report(sweep *s) {
  const char *name = s->function->name;
  const uint64_t all = 1ull << 32, all_nans = 2 * ((1u << 23) - 1);
  run_threads(s);
  int is_right = s->worst.ulps <= limit && s->checked == all && s->nans == all_nans;
  printf("%-8s %s against libm: %llu floats, at most %.4f ulp, at %a (0x%08x); %llu NaN stay NaN\n", name,
         s->fastest->name, (unsigned long long)s->checked, s->worst.ulps, (double)s->worst.x, bits_of(s->worst.x),
         (unsigned long long)s->nans);
  if (!has_limits(s)) {
    is_right = 0;
    printf("%-8s has wrong values at infinities or zeros\n", name);
  }
  for (size_t set = 0; set < s->other_count; set++) {
    is_right &= s->different[set] == 0;
    printf("%-8s %s against %s: %llu floats, %llu with other bits\n", name, s->others[set]->name, s->fastest->name,
           (unsigned long long)s->checked, (unsigned long long)s->different[set]);
  }
  fflush(stdout);
  return is_right;
}

// The kernels of a set, or of the fastest one where `name` is NULL.
static const ks_kernels *kernels_named(const char *name) {
  if (name == NULL) {
    const char *next;
    for (size_t i = 0; (next = ks_kernels_name_at(i)) != NULL; i++) {
      name = next;
    }
  }
  const ks_kernels *kernels = strcmp(name, "naive") == 0 ? ks_naive_kernels() : ks_kernels_named(name);
  if (kernels == NULL) {
    fprintf(stderr, "error: this machine has no instruction set \"%s\"\n", name);
    exit(2);
  }
  return kernels;
}

int main(int count, char **arguments) {
  if (count - 1 > MOST_SETS) {
    fputs("usage: accuracy [SET...]\n", stderr);
    return 2;
  }
  int is_right = 1;
  for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
    sweep s = {.function = &functions[i], .fastest = kernels_named(NULL), .worst = {-1, 0}};
    pthread_mutex_init(&s.lock, NULL);
    for (int j = 1; j < count; j++) {
      s.others[s.other_count++] = kernels_named(arguments[j]);
    }
    is_right &= report(&s);
    pthread_mutex_destroy(&s.lock);
  }
  if (!is_right) {
    printf("error: more than %g ulp, a wrong limit, or other bits\n", limit);
  }
  return !is_right;
}
