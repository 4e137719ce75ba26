// Each kernel of a table over many sizes, strides and kinds of numbers: one digest a line.
#ifndef SUBJECTS_H
#define SUBJECTS_H

#include "CKernels.h"

void digest_products(const ks_kernels *kernels);
void digest_transposes(const ks_kernels *kernels);
void digest_maps(const ks_kernels *kernels);
void digest_cells(const ks_kernels *kernels);
void digest_dropout(const ks_kernels *kernels);
void digest_losses(const ks_kernels *kernels);
void digest_sums(const ks_kernels *kernels);
void digest_optimizers(const ks_kernels *kernels);

#endif
