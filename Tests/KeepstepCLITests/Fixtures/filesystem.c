// Loaded into keepstep with LD_PRELOAD: statfs tells of another file system than the one that is there.
//
//   FILESYSTEM_MAGIC  what f_type is to be, as 0x6969
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <sys/vfs.h>

#define TELLS(name, type) \
  int name(const char *path, struct type *status) { \
    int (*real)(const char *, struct type *) = (int (*)(const char *, struct type *))dlsym(RTLD_NEXT, #name); \
    int outcome = real(path, status); \
    const char *magic = getenv("FILESYSTEM_MAGIC"); \
    if (outcome == 0 && magic) status->f_type = strtol(magic, 0, 0); \
    return outcome; \
  }
TELLS(statfs, statfs)
TELLS(statfs64, statfs64)
