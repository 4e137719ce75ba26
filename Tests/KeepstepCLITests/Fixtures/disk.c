// Loaded into keepstep with LD_PRELOAD: appends to a log all that a process does to the files of one folder, with its
// data, so that a test can rebuild what a disk holds when the power goes; see Support/PowerCutDisk.swift.
//
//   DISK_FOLDER  the folder; relative paths count as its own
//   DISK_LOG     the log, appended to; several processes may share it
//
// A record is five little-endian numbers of 8 bytes - what, inode, offset, length of the name, length of the data -, then
// the name, then the data. A record is appended in one write after the call has succeeded, and no other thread gets in
// between; an unlock of the store's lock is appended before the call, so that no other process's write comes before it.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { OPEN = 1, WRITE, TRUNCATE, SYNC, SYNC_FOLDER, UNLINK, RENAME, RETURN };
enum { DESCRIPTORS = 4096 };
enum { NONE, FILE_OF_FOLDER, THE_FOLDER, LOCK_FILE };

static unsigned char kinds[DESCRIPTORS];
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static int kindOf(int fd) { return fd >= 0 && fd < DESCRIPTORS ? kinds[fd] : NONE; }

// The path below the folder; NULL for one elsewhere.
static const char *nameOf(const char *path) {
  const char *folder = getenv("DISK_FOLDER");
  if (!folder || !path) return NULL;
  size_t length = strlen(folder);
  if (path[0] != '/') return path;
  if (strncmp(path, folder, length) != 0) return NULL;
  return path[length] == '/' ? path + length + 1 : path[length] == 0 ? "" : NULL;
}

static uint64_t inodeOf(int fd) {
  struct stat status;
  return fstat(fd, &status) == 0 ? status.st_ino : 0;
}

static void note(uint64_t what, uint64_t inode, uint64_t offset, const char *name, const void *data, size_t length) {
  static int log = -1;
  int code = errno;
  if (log < 0) {
    log = (int)syscall(SYS_openat, AT_FDCWD, getenv("DISK_LOG"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  }
  uint64_t head[] = {what, inode, offset, name ? strlen(name) : 0, length};
  struct iovec parts[] = {{head, sizeof head}, {(void *)name, head[3]}, {(void *)data, length}};
  size_t whole = sizeof head + head[3] + length;
  if (log < 0 || syscall(SYS_writev, log, parts, 3) != (ssize_t)whole) abort();  // half a log would prove nothing
  errno = code;
}

#define REAL(name) \
  static __typeof__(&name) real; \
  if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

static void endsAlone(pthread_mutex_t **held) { pthread_mutex_unlock(*held); }

// From here to the end of the function no other thread's call comes in between.
#define ALONE \
  __attribute__((cleanup(endsAlone))) pthread_mutex_t *held = &mutex; \
  pthread_mutex_lock(held)

#define WRITES(name, parameters, arguments, at) \
  ssize_t name parameters { \
    REAL(name); \
    if (kindOf(fd) != FILE_OF_FOLDER) return real arguments; \
    ALONE; \
    off64_t offset = at; \
    ssize_t written = real arguments; \
    if (written > 0) note(WRITE, inodeOf(fd), (uint64_t)offset, NULL, data, (size_t)written); \
    return written; \
  }
WRITES(write, (int fd, const void *data, size_t n), (fd, data, n), lseek64(fd, 0, SEEK_CUR))
WRITES(pwrite, (int fd, const void *data, size_t n, off_t at), (fd, data, n, at), at)
WRITES(pwrite64, (int fd, const void *data, size_t n, off64_t at), (fd, data, n, at), at)

#define TRUNCATES(name, parameters, arguments) \
  int name parameters { \
    REAL(name); \
    if (kindOf(fd) != FILE_OF_FOLDER) return real arguments; \
    ALONE; \
    int result = real arguments; \
    if (result == 0) note(TRUNCATE, inodeOf(fd), (uint64_t)length, NULL, NULL, 0); \
    return result; \
  }
TRUNCATES(ftruncate, (int fd, off_t length), (fd, length))
TRUNCATES(ftruncate64, (int fd, off64_t length), (fd, length))

#define SYNCS(name) \
  int name(int fd) { \
    REAL(name); \
    int kind = kindOf(fd); \
    if (kind == NONE) return real(fd); \
    ALONE; \
    int result = real(fd); \
    if (result == 0) note(kind == THE_FOLDER ? SYNC_FOLDER : SYNC, inodeOf(fd), 0, NULL, NULL, 0); \
    return result; \
  }
SYNCS(fsync)
SYNCS(fdatasync)

int unlink(const char *path) {
  REAL(unlink);
  const char *name = nameOf(path);
  if (!name) return real(path);
  ALONE;
  int result = real(path);
  if (result == 0) note(UNLINK, 0, 0, name, NULL, 0);
  return result;
}

int rename(const char *path, const char *to) {
  REAL(rename);
  const char *name = nameOf(path), *newName = nameOf(to);
  if (!name || !newName) return real(path, to);
  ALONE;
  int result = real(path, to);
  if (result == 0) note(RENAME, 0, 0, name, newName, strlen(newName));
  return result;
}

static int opened(int fd, const char *name) {
  if (fd < 0 || fd >= DESCRIPTORS) return fd;
  struct stat status;
  kinds[fd] = NONE;
  if (!name || fstat(fd, &status) != 0) return fd;
  if (S_ISDIR(status.st_mode)) {
    if (*name == 0) kinds[fd] = THE_FOLDER;
  } else {
    size_t length = strlen(name);
    kinds[fd] = length > 5 && strcmp(name + length - 5, "-lock") == 0 ? LOCK_FILE : FILE_OF_FOLDER;
    note(OPEN, status.st_ino, 0, name, NULL, 0);
  }
  return fd;
}

#define OPENS(name, parameters, arguments) \
  int name parameters { \
    REAL(name); \
    va_list list; \
    va_start(list, flags); \
    int mode = va_arg(list, int); \
    va_end(list); \
    const char *known = nameOf(path); \
    if (!known) return opened(real arguments, NULL); \
    ALONE; \
    return opened(real arguments, known); \
  }
OPENS(open, (const char *path, int flags, ...), (path, flags, mode))
OPENS(open64, (const char *path, int flags, ...), (path, flags, mode))
OPENS(openat, (int folder, const char *path, int flags, ...), (folder, path, flags, mode))
OPENS(openat64, (int folder, const char *path, int flags, ...), (folder, path, flags, mode))

int close(int fd) {
  REAL(close);
  if (fd >= 0 && fd < DESCRIPTORS) kinds[fd] = NONE;
  return real(fd);
}

// The store lock, byte 0 of the lock file, is given back when the library's call is over: what it wrote is acknowledged.
static void look(int fd, int command, const struct flock *lock) {
  enum { SET_OPEN_FILE_LOCK = 37 };  // F_OFD_SETLK
  if (kindOf(fd) != LOCK_FILE || command != SET_OPEN_FILE_LOCK) return;
  if (lock->l_type == F_UNLCK && lock->l_start == 0) note(RETURN, inodeOf(fd), 0, NULL, NULL, 0);
}

#define CONTROLS(name) \
  int name(int fd, int command, ...) { \
    REAL(name); \
    va_list list; \
    va_start(list, command); \
    void *argument = va_arg(list, void *); \
    va_end(list); \
    if (kindOf(fd) == NONE) return real(fd, command, argument); \
    ALONE; \
    look(fd, command, argument); \
    return real(fd, command, argument); \
  }
CONTROLS(fcntl)
CONTROLS(fcntl64)
