// Loaded into keepstep with LD_PRELOAD: counts the calls of all threads that reach files of one folder, and at the
// N-th one kills the process, tears the write, fails the call, or asks the process to stop.
//
// strace can inject such faults too, but counts for each thread by itself: the main thread's last writes, which fold
// the -wal into the database, then hide behind the recorder's, and a sweep misses them.
//
//   FAULT_FOLDER  calls on paths below it count, and on relative paths
//   FAULT_CALLS   which, with commas: open write pwrite fsync fdatasync ftruncate unlink rename fchown fcntl close, and
//                 sigaction, which is no call on a file: the process gets its handler of SIGTERM
//   FAULT_AT      N, from 1; 0 for none
//   FAULT_DO      kill (before the call), tear (half of a write, then kill), an errno to fail with, stop (SIGSTOP, then
//                 the call), or term: SIGTERM, then the call; after a sigaction, so that the request is there before
//                 the first step
//   FAULT_STAYS   1: every call from the N-th on fails
//   FAULT_LOG     a file that gets the number of calls that counted, at a normal end
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { DESCRIPTORS = 4096 };

static atomic_long counted;
static atomic_uchar ours[DESCRIPTORS];

static int isDescriptorOurs(int fd) { return fd >= 0 && fd < DESCRIPTORS && ours[fd]; }

static int isPathOurs(const char *path) {
  const char *folder = getenv("FAULT_FOLDER");
  return folder && path && (path[0] != '/' || strncmp(path, folder, strlen(folder)) == 0);
}

static int isChosen(const char *call) {
  const char *calls = getenv("FAULT_CALLS");
  size_t length = strlen(call);
  for (const char *c = calls; c && *c; c += strcspn(c, ","), c += *c == ',') {
    if (strncmp(c, call, length) == 0 && (c[length] == ',' || c[length] == 0)) return 1;
  }
  return 0;
}

static void die(void) {
  syscall(SYS_kill, getpid(), SIGKILL);
  for (;;) pause();
}

enum { PROCEED, TEAR, FAIL };

// Counts a call, and says what becomes of it.
static int next(const char *call, int isOurs) {
  if (!isOurs || !isChosen(call)) return PROCEED;
  const char *at = getenv("FAULT_AT"), *action = getenv("FAULT_DO");
  long n = atomic_fetch_add(&counted, 1) + 1, target = at ? atol(at) : 0;
  int isDue = n == target || (target > 0 && n > target && getenv("FAULT_STAYS"));
  if (!isDue || !action) return PROCEED;
  if (strcmp(action, "kill") == 0) die();
  if (strcmp(action, "tear") == 0) return TEAR;
  if (strcmp(action, "term") == 0) {
    raise(SIGTERM);
    return PROCEED;
  }
  if (strcmp(action, "stop") == 0) {
    syscall(SYS_kill, getpid(), SIGSTOP);
    return PROCEED;
  }
  errno = atoi(action);
  return FAIL;
}

__attribute__((destructor)) static void report(void) {
  const char *log = getenv("FAULT_LOG");
  if (!log) return;
  char text[32];
  int length = snprintf(text, sizeof text, "%ld\n", atomic_load(&counted));
  int fd = (int)syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  syscall(SYS_write, fd, text, length);
}

#define REAL(name) \
  static __typeof__(&name) real; \
  if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

// A call that fails is not made; one that is not a write can't be torn, so it kills.
#define GUARD(call, isOurs) \
  switch (next(call, isOurs)) { \
  case TEAR: die(); \
  case FAIL: return -1; \
  }

#define WRITES(name, parameters, arguments, half) \
  ssize_t name parameters { \
    REAL(name); \
    switch (next(sizeof #name > 6 ? "pwrite" : "write", isDescriptorOurs(fd))) { \
    case TEAR: real half; die(); \
    case FAIL: return -1; \
    } \
    return real arguments; \
  }
WRITES(write, (int fd, const void *data, size_t n), (fd, data, n), (fd, data, n / 2))
WRITES(pwrite, (int fd, const void *data, size_t n, off_t at), (fd, data, n, at), (fd, data, n / 2, at))
WRITES(pwrite64, (int fd, const void *data, size_t n, off64_t at), (fd, data, n, at), (fd, data, n / 2, at))

#define ON_DESCRIPTOR(name, call, parameters, arguments) \
  int name parameters { \
    REAL(name); \
    GUARD(call, isDescriptorOurs(fd)) \
    return real arguments; \
  }
ON_DESCRIPTOR(fsync, "fsync", (int fd), (fd))
ON_DESCRIPTOR(fdatasync, "fdatasync", (int fd), (fd))
ON_DESCRIPTOR(ftruncate, "ftruncate", (int fd, off_t length), (fd, length))
ON_DESCRIPTOR(ftruncate64, "ftruncate", (int fd, off64_t length), (fd, length))

ON_DESCRIPTOR(fchown, "fchown", (int fd, uid_t owner, gid_t group), (fd, owner, group))

#define ON_PATH(name, call, parameters, arguments) \
  int name parameters { \
    REAL(name); \
    GUARD(call, isPathOurs(path)) \
    return real arguments; \
  }
ON_PATH(unlink, "unlink", (const char *path), (path))
ON_PATH(rename, "rename", (const char *path, const char *to), (path, to))

static int opened(int fd, int isOurs) {
  if (fd >= 0 && fd < DESCRIPTORS) ours[fd] = isOurs;
  return fd;
}

#define OPENS(name, parameters, arguments, beforeMode) \
  int name parameters { \
    REAL(name); \
    va_list list; \
    va_start(list, flags); \
    int mode = va_arg(list, int); \
    va_end(list); \
    int isOurs = isPathOurs(path); \
    GUARD("open", isOurs) \
    return opened(real arguments, isOurs); \
  }
OPENS(open, (const char *path, int flags, ...), (path, flags, mode), flags)
OPENS(open64, (const char *path, int flags, ...), (path, flags, mode), flags)
OPENS(openat, (int folder, const char *path, int flags, ...), (folder, path, flags, mode), flags)
OPENS(openat64, (int folder, const char *path, int flags, ...), (folder, path, flags, mode), flags)

int mkstemp(char *path) {
  REAL(mkstemp);
  int isOurs = isPathOurs(path);
  GUARD("open", isOurs)
  return opened(real(path), isOurs);
}

int close(int fd) {
  REAL(close);
  GUARD("close", isDescriptorOurs(fd))
  if (fd >= 0 && fd < DESCRIPTORS) ours[fd] = 0;
  return real(fd);
}

#define CONTROLS(name) \
  int name(int fd, int command, ...) { \
    REAL(name); \
    va_list list; \
    va_start(list, command); \
    void *argument = va_arg(list, void *); \
    va_end(list); \
    GUARD("fcntl", isDescriptorOurs(fd)) \
    return real(fd, command, argument); \
  }
CONTROLS(fcntl)
CONTROLS(fcntl64)

int sigaction(int number, const struct sigaction *action, struct sigaction *old) {
  REAL(sigaction);
  int result = real(number, action, old);
  int isHandler = action && action->sa_handler != SIG_DFL && action->sa_handler != SIG_IGN;
  if (number == SIGTERM && isHandler) next("sigaction", 1);
  return result;
}
