/* Cases: 0 softmax, 1 one draw from the whole row, 2 one draw from a list, 3 log-softmax and log-sum-exp,
 * 4 the chain in the default order, 5 the chain in llama.cpp's order, under a mask. */
#include "vectors.h"

#include "logitkit.h"

#define N_MAX 5000

static _Alignas(16) float row[LK_PADDED(N_MAX)], out[LK_PADDED(N_MAX)];
static _Alignas(16) unsigned char work[400000];
static uint32_t mask[(N_MAX + 31) / 32];
static uint32_t state, digest;

/* xorshift32 (Marsaglia 2003) */
static uint32_t next(void)
{
  state ^= state << 13;
  state ^= state >> 17;
  state ^= state << 5;
  return state;
}

static double uniform(void) { return next() * 0x1p-32; }

static void fold(uint32_t word)
{
  for (int i = 0; i < 4; i++) {
    digest = (digest ^ (word >> (8 * i) & 255)) * 16777619u;
  }
}

static void fold_floats(const float *x, uint32_t n)
{
  for (uint32_t i = 0; i < n; i++) {
    uint32_t bits;
    __builtin_memcpy(&bits, x + i, 4);
    fold(bits);
  }
}

static const uint32_t sizes[] = { 1, 2, 3, 15, 16, 17, 63, 64, 65, 111, 256, 257, 1000, N_MAX };
static const double temperatures[] = { 1, 0.7, 1.3, 0.05, 40, 1e-6, 1e6 };
static const double offsets[] = { 0, 10000, -10000, 31.25 };

/* A bell of four uniforms, some peaks and some masked logits. */
static void fill(uint32_t n, double offset)
{
  for (uint32_t i = 0; i < n; i++) {
    double x = uniform();
    x = x + uniform();
    x = x + uniform();
    x = (x + uniform() - 2) * 5;
    uint32_t kind = next() & 63;
    if (kind == 0) x = x + 12;
    row[i] = kind == 1 && i > 0 ? -__builtin_inff() : (float)(x + offset);
  }
}

static void one_row(uint32_t which, uint32_t n, double temperature)
{
  static const uint8_t natural[] = { 0, 1, 2, 3, 4, 5, 6 }, llama[] = { 0, 1, 2, 4, 5, 6, 3 };
  if (which == 0) {
    fold((uint32_t)lk_softmax(row, n, temperature, out, work));
    fold_floats(out, n);
    return;
  }
  if (which == 3) {
    double sum;
    uint64_t bits;
    fold((uint32_t)lk_log_softmax(row, n, temperature, out, work));
    fold_floats(out, n);
    fold((uint32_t)lk_logsumexp(row, n, temperature, &sum, work));
    __builtin_memcpy(&bits, &sum, 8);
    fold((uint32_t)bits);
    fold((uint32_t)(bits >> 32));
    return;
  }
  lk_sampler s = { .temperature = temperature, .top_p = 1, .min_keep = 1, .repetition_penalty = 1, .n = n };
  s.row.at = row;
  s.order.at = which == 5 ? llama : natural;
  s.order_count = 7;
  s.seed = ((uint64_t)next() << 32) + n;
  s.position = n;
  s.stream = which;
  if (which == 2 || which >= 4) s.top_k = 40;
  if (which >= 4) s.top_p = 0.95, s.min_p = 0.02, s.min_keep = 2;
  if (which == 5) {
    for (uint32_t i = 0; i < (n + 31) / 32; i++) mask[i] = next() | next();
    s.mask.at = mask;
    s.mask_words = (n + 31) / 32;
  }
  fold((uint32_t)lk_sample(&s, work));
  fold((uint32_t)s.token);
}

uint32_t lk_vector_count(void) { return 6; }

uint32_t lk_vectors(uint32_t which)
{
  state = 0x9e3779b9u;
  digest = 2166136261u;
  for (uint32_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
    for (uint32_t t = 0; t < sizeof temperatures / sizeof *temperatures; t++)
      for (uint32_t o = 0; o < sizeof offsets / sizeof *offsets; o++) {
        fill(sizes[i], offsets[o]);
        one_row(which, sizes[i], temperatures[t]);
      }
  return digest;
}

#ifndef __wasm__
#include <assert.h>
#include <stdio.h>

int main(void)
{
  assert(lk_work_size(N_MAX) <= sizeof work);
  for (uint32_t i = 0; i < lk_vector_count(); i++) printf("%u %08x\n", i, lk_vectors(i));
  return 0;
}
#endif
