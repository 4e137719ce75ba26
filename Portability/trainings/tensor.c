#include "tensor.h"

#include <math.h>

#include "floats.h"

// Philox4x32-10 (Salmon et al. 2011): word `index` mod 4 of the block that the counter and the seed give.
static uint32_t philox(purpose purpose, uint64_t index) {
  const uint64_t block = index / 4;
  uint32_t c[4] = {(uint32_t)block, (uint32_t)(block >> 32) | (uint32_t)purpose << 24, 0, 0};
  uint32_t key0 = SEED, key1 = 0;
  for (int round = 0; round < 10; round++) {
    const uint64_t product0 = 0xD2511F53ull * c[0], product1 = 0xCD9E8D57ull * c[2];
    c[0] = (uint32_t)(product1 >> 32) ^ c[1] ^ key0;
    c[1] = (uint32_t)product1;
    c[2] = (uint32_t)(product0 >> 32) ^ c[3] ^ key1;
    c[3] = (uint32_t)product0;
    key0 += 0x9E3779B9;
    key1 += 0xBB67AE85;
  }
  return c[index % 4];
}

tensor new_tensor(size_t count, size_t fan, purpose first, purpose second, size_t place) {
  tensor t = {.count = count, .multiplicity = second == NOTHING ? 1 : 2};
  t.p = new_floats(count);
  t.g = new_floats(count);
  t.m = new_floats(count);
  t.v = new_floats(count);
  const float bound = 1.0f / sqrtf((float)fan);
  const purpose purposes[2] = {first, second};
  for (int draw = 0; draw < t.multiplicity; draw++) {
    for (size_t i = 0; i < count; i++) {
      const float unit = (float)(philox(purposes[draw], index_of(i, place)) >> 8) * 0x1p-23f - 1.0f;
      t.p[i] += unit * bound;
    }
  }
  return t;
}
