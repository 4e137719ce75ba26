// Loaded into keepstep with LD_PRELOAD: notes how long its threads wait for the store's locks.
//
// Both of the store's locks are bytes of its sidecar file under F_OFD_SETLKW, which sleeps in the kernel until the byte is
// free: what that call takes is the wait.
//
//   WAITS_LOG  a file that gets a line of seconds with each wait that is longer than all before it in its process; so
//              what a killed process waited for is there, too
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static _Atomic double longest;

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static void note(double seconds) {
  double former = atomic_load(&longest);
  do {
    if (seconds <= former) return;
  } while (!atomic_compare_exchange_weak(&longest, &former, seconds));
  const char *log = getenv("WAITS_LOG");
  if (!log) return;
  char line[32];
  int length = snprintf(line, sizeof line, "%.6f\n", seconds);
  int fd = (int)syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (fd < 0) return;
  syscall(SYS_write, fd, line, length);
  syscall(SYS_close, fd);
}

#define CONTROLS(name) \
  int name(int fd, int command, ...) { \
    static __typeof__(&name) real; \
    if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name); \
    va_list list; \
    va_start(list, command); \
    void *argument = va_arg(list, void *); \
    va_end(list); \
    if (command != F_OFD_SETLKW) return real(fd, command, argument); \
    double began = now(); \
    int result = real(fd, command, argument); \
    note(now() - began); \
    return result; \
  }
CONTROLS(fcntl)
CONTROLS(fcntl64)
