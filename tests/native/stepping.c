/* The draw with the uniform in our hand: a token of probability 2^-30 has exactly its share of the unit interval, in
 * both regimes. lk_draw is compiled here a second time, under another name, so that its randomness can be replaced. */
#include <assert.h>
#include <math.h>
#include <stdio.h>

static double stepped;

#include "base.h"
static double test_uniform(uint64_t seed, uint64_t position, uint32_t purpose, uint32_t stream, uint32_t index);
#define lk_uniform test_uniform
#define lk_draw test_draw
#include "../../src/draw.c"

static double test_uniform(uint64_t seed, uint64_t position, uint32_t purpose, uint32_t stream, uint32_t index)
{
  (void)seed, (void)position, (void)purpose, (void)stream;
  /* After a rejection the walk goes on somewhere harmless: at the first token. */
  return index == 0 ? stepped : 0;
}

static _Alignas(16) float row[LK_PADDED(3)];
static _Alignas(16) unsigned char work[200000];

static uint32_t draw_at(double u, bool listed)
{
  lk_sampler s = { .n = 3 };
  lk_chain c = { .s = &s, .cut = LK_KEY_ALL, .temperature = 1, .listed = listed };
  lk_work_open(&c.work, work, 3);
  lk_row_open(&c.row, row, 3, LK_F32, &c.work);
  if (listed) {
    c.count = 2;
    for (uint32_t i = 0; i < 2; i++) c.work.list_z[i] = row[i], c.work.list_id[i] = i;
  }
  stepped = u;
  assert(test_draw(&c) == LK_OK);
  return c.token;
}

/* Steps over [from, from + 2^-25) and returns the width of what gives token 1, found to the last bit by bisection at its ends. */
static double share(bool listed, double from)
{
  double first = -1, last = -1, step = 0x1p-33;
  for (int i = 0; i < 256; i++) {
    double u = from + i * step;
    if (u >= 1 || draw_at(u, listed) != 1) continue;
    if (first < 0) first = u;
    last = u;
  }
  assert(first >= 0);
  for (double h = step / 2; h > 0x1p-60; h /= 2) {
    if (draw_at(first - h, listed) == 1) first -= h;
    if (last + h < 1 && draw_at(last + h, listed) == 1) last += h;
  }
  return last - first;
}

int main(void)
{
  assert(lk_work_size(3) <= sizeof work);
  row[0] = 0;
  row[1] = (float)(-30 * LK_LN2);
  row[2] = -LK_INF;
  double p = exp((double)row[1]) / (1 + exp((double)row[1]));
  /* In the whole row the only block is more than 1/64 of the table, so its weight is exact from the start. */
  double list = share(true, 1 - 0x1p-25), whole = share(false, 1 - 0x1p-25);
  printf("share of a token of 2^-30: list %.9f, whole row %.9f of it\n", list / p, whole / p);
  assert(fabs(list / p - 1) < 1e-5);
  assert(fabs(whole / p - 1) < 1e-5);
  return 0;
}
