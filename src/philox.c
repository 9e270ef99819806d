/* SPDX-License-Identifier: MIT
 * J. Salmon, M. Moraes, R. Dror, D. Shaw: Parallel random numbers: as easy as 1, 2, 3. SC 2011. */
#include "philox.h"

#include "logitkit.h"

void lk_philox(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4])
{
  uint32_t c0 = counter[0], c1 = counter[1], c2 = counter[2], c3 = counter[3];
  uint32_t k0 = key[0], k1 = key[1];
  for (int round = 0; round < 10; round++) {
    uint64_t a = (uint64_t)0xd2511f53u * c0, b = (uint64_t)0xcd9e8d57u * c2;
    c0 = (uint32_t)(b >> 32) ^ c1 ^ k0;
    c1 = (uint32_t)b;
    c2 = (uint32_t)(a >> 32) ^ c3 ^ k1;
    c3 = (uint32_t)a;
    k0 += 0x9e3779b9u; /* golden ratio, sqrt 3 - 1: the Weyl steps of the key schedule */
    k1 += 0xbb67ae85u;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

double lk_uniform(uint64_t seed, uint64_t position, uint32_t purpose, uint32_t stream, uint32_t index)
{
  uint32_t key[2] = { (uint32_t)seed, (uint32_t)(seed >> 32) };
  uint32_t counter[4] = { (uint32_t)position, purpose << 24 | (uint32_t)(position >> 32), stream, index >> 1 };
  uint32_t r[4];
  lk_philox(counter, key, r);
  uint64_t word = index & 1 ? (uint64_t)r[3] << 32 | r[2] : (uint64_t)r[1] << 32 | r[0];
  return (double)(word >> 11) * 0x1p-53;
}
