// Prints a digest of the results of every kernel, and of whole trainings, under one instruction set.
//
//     digests sets    the names that this machine has, and "naive"
//     digests SET     one line a subject: 16 hexadecimal digits and its name
#include <stdio.h>
#include <string.h>

#include "CKernels.h"
#include "kernels/subjects.h"
#include "trainings/trainings.h"

static void print_sets(void) {
  const char *name;
  for (size_t i = 0; (name = ks_kernels_name_at(i)) != NULL; i++) {
    puts(name);
  }
  puts(ks_naive_kernels()->name);
}

static void print_digests(const ks_kernels *kernels) {
  digest_products(kernels);
  digest_transposes(kernels);
  digest_maps(kernels);
  digest_cells(kernels);
  digest_dropout(kernels);
  digest_losses(kernels);
  digest_sums(kernels);
  digest_optimizers(kernels);
  digest_trainings(kernels);
}

int main(int count, char **arguments) {
  if (count != 2) {
    fputs("usage: digests sets|SET\n", stderr);
    return 2;
  }
  if (strcmp(arguments[1], "sets") == 0) {
    print_sets();
    return 0;
  }
  const ks_kernels *kernels =
      strcmp(arguments[1], "naive") == 0 ? ks_naive_kernels() : ks_kernels_named(arguments[1]);
  if (kernels == NULL) {
    fprintf(stderr, "error: this machine has no instruction set \"%s\"\n", arguments[1]);
    return 2;
  }
  ks_reset_floating_point_mode();
  print_digests(kernels);
  return 0;
}
