// libarchive (https://libarchive.org), the part of it that `ArrayFiles` reads and writes .npz with.
#ifndef KEEPSTEP_CARCHIVE_SHIM_H
#define KEEPSTEP_CARCHIVE_SHIM_H

#include <archive.h>
#include <archive_entry.h>

#endif
