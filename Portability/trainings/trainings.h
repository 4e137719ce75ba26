// Whole trainings, composed of a table's kernels as Sources/Recurrent composes them.
#ifndef TRAININGS_H
#define TRAININGS_H

#include "CKernels.h"

void digest_trainings(const ks_kernels *kernels);

#endif
