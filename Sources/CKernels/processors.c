// How many processors this process may use.
#define _GNU_SOURCE  // for sched_getaffinity, which Swift does not see
#if defined(__linux__)
#include <sched.h>
#endif
#include <unistd.h>

#include "CKernels.h"

size_t ks_usable_processors(void) {
#if defined(__linux__)
  cpu_set_t mask;
  if (sched_getaffinity(0, sizeof mask, &mask) == 0 && CPU_COUNT(&mask) > 0) {
    return (size_t)CPU_COUNT(&mask);
  }
#endif
  const long online = sysconf(_SC_NPROCESSORS_ONLN);
  return online > 0 ? (size_t)online : 1;
}
