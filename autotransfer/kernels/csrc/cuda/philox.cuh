// Philox4x32-10 (Salmon, Moraes, Dror and Shaw, SC 2011), the same words as csrc/cpu/philox.h.
#pragma once

#include <stdint.h>

struct Words {
  uint32_t at[4];
};

// The words of columns 4 counter ... 4 counter + 3 of a row.
__device__ inline Words philox(uint64_t seed, uint64_t row, uint32_t counter) {
  uint32_t c0 = counter, c1 = static_cast<uint32_t>(row), c2 = static_cast<uint32_t>(row >> 32), c3 = 0;
  uint32_t k0 = static_cast<uint32_t>(seed), k1 = static_cast<uint32_t>(seed >> 32);
#pragma unroll
  for (int round = 0; round < 10; ++round) {
    const uint64_t left = static_cast<uint64_t>(c0) * 0xD2511F53u, right = static_cast<uint64_t>(c2) * 0xCD9E8D57u;
    c0 = static_cast<uint32_t>(right >> 32) ^ c1 ^ k0;
    c2 = static_cast<uint32_t>(left >> 32) ^ c3 ^ k1;
    c1 = static_cast<uint32_t>(right);
    c3 = static_cast<uint32_t>(left);
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  return {{c0, c1, c2, c3}};
}
