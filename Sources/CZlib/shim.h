// zlib (https://zlib.net), the part of it that `Sequences` reads .gz with: unlike libarchive's gzip, it checks the checksum.
#ifndef KEEPSTEP_CZLIB_SHIM_H
#define KEEPSTEP_CZLIB_SHIM_H

#include <zlib.h>

/// `inflateInit2` is a macro, which Swift does not see. 31: a window of 32 KiB, and gzip's header and checksum.
static inline int keepstep_inflate_gzip_init(z_streamp stream) {
  return inflateInit2(stream, 31);
}

#endif
