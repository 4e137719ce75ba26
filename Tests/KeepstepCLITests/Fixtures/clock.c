// Loaded into keepstep with LD_PRELOAD: some time after the start the clocks jump, as when somebody sets the time of day
// or the machine wakes from sleep.
//
//   CLOCK_AFTER      milliseconds from the start to the jump
//   CLOCK_REALTIME   by how many seconds the time of day jumps
//   CLOCK_MONOTONIC  by how many seconds the other clocks jump
//
// A thread that waits on a condition until a time wakes when its own clock says so: earlier or later than it would have.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum { SECOND = 1000000000 };

static long long began;

static long long real(clockid_t clock) {
  struct timespec time;
  syscall(SYS_clock_gettime, clock, &time);
  return time.tv_sec * (long long)SECOND + time.tv_nsec;
}

static long number(const char *name) {
  const char *text = getenv(name);
  return text ? atol(text) : 0;
}

__attribute__((constructor)) static void begin(void) { began = real(CLOCK_MONOTONIC); }

static long long now(clockid_t clock) {
  long long time = real(clock);
  if (real(CLOCK_MONOTONIC) - began < number("CLOCK_AFTER") * 1000000LL) return time;
  switch (clock) {
  case CLOCK_REALTIME:
  case CLOCK_REALTIME_COARSE: return time + number("CLOCK_REALTIME") * SECOND;
  case CLOCK_MONOTONIC:
  case CLOCK_MONOTONIC_RAW:
  case CLOCK_MONOTONIC_COARSE:
  case CLOCK_BOOTTIME: return time + number("CLOCK_MONOTONIC") * SECOND;
  default: return time;
  }
}

static struct timespec split(long long time) { return (struct timespec){ time / SECOND, time % SECOND }; }

int clock_gettime(clockid_t clock, struct timespec *time) {
  *time = split(now(clock));
  return 0;
}

int gettimeofday(struct timeval *time, void *zone) {
  long long t = now(CLOCK_REALTIME);
  *time = (struct timeval){ t / SECOND, t % SECOND / 1000 };
  return 0;
}

time_t time(time_t *result) {
  time_t t = now(CLOCK_REALTIME) / SECOND;
  if (result) *result = t;
  return t;
}

// In short waits of the real clock, with a look at the other one after each.
int pthread_cond_timedwait(pthread_cond_t *condition, pthread_mutex_t *mutex, const struct timespec *until) {
  static int (*wait)(pthread_cond_t *, pthread_mutex_t *, const struct timespec *);
  // The oldest version of the symbol is another function.
  if (!wait) wait = (__typeof__(wait))dlvsym(RTLD_NEXT, "pthread_cond_timedwait", "GLIBC_2.3.2");
  if (!wait) wait = (__typeof__(wait))dlsym(RTLD_NEXT, "pthread_cond_timedwait");
  clockid_t clock = condition->__data.__wrefs & 2 ? CLOCK_MONOTONIC : CLOCK_REALTIME;
  long long end = until->tv_sec * (long long)SECOND + until->tv_nsec;
  for (;;) {
    long long left = end - now(clock), slice = SECOND / 100;
    if (left <= 0) return ETIMEDOUT;
    struct timespec time = split(real(clock) + (left < slice ? left : slice));
    int outcome = wait(condition, mutex, &time);
    if (outcome != ETIMEDOUT) return outcome;
  }
}
