/* lk_sample against the definition in logitkit.h followed step by step: every block looked into, every mass summed in
 * full, every member tested alone. Only the weight of a logit and the uniforms are shared. Tokens must be equal, always. */
#include <assert.h>
#include <stdio.h>

#include "plain.h"

#define ROWS 25000 /* for each of the four kinds */

static _Alignas(16) float x[LK_PADDED(N_MAX)], row[LK_PADDED(N_MAX)];
static _Alignas(16) unsigned char work[400000];
static uint32_t mask[(N_MAX + 31) / 32], n, groups;
static double weight[N_MAX], bound[64 * 64], group[64];
static bool candidate[N_MAX], entered[N_MAX];

static bool stands_before(uint32_t a, uint32_t b) { return x[a] > x[b] || (x[a] == x[b] && a < b); }

static double running(uint32_t b, double sums[64])
{
  double sum = 0;
  for (uint32_t i = 0; i < 64; i++) {
    if (b * 64 + i < n && candidate[b * 64 + i]) sum += weight[b * 64 + i];
    sums[i] = sum;
  }
  return sum;
}

static double sum_groups(void)
{
  double total = 0;
  for (uint32_t g = 0; g < groups; g++) {
    double s[4] = { 0, 0, 0, 0 };
    for (uint32_t b = g * 64; b < g * 64 + 64; b++) s[b % 4] += bound[b];
    total += group[g] = (s[0] + s[2]) + (s[1] + s[3]);
  }
  return total;
}

static double build(void)
{
  double sums[64];
  for (uint32_t b = 0; b < groups * 64; b++) {
    /* Candidates are a prefix of the descending order, so a block that has any has its largest logit among them. */
    float top = -LK_INF;
    bound[b] = 0;
    for (uint32_t i = b * 64; i < b * 64 + 64 && i < n; i++)
      if (candidate[i] && x[i] > top) top = x[i], bound[b] = 65.0 * weight[i];
  }
  double heavy = sum_groups() / 64;
  for (uint32_t b = 0; b < groups * 64; b++)
    if (bound[b] > heavy) bound[b] = running(b, sums);
  return sum_groups();
}

static uint32_t draw(const lk_sampler *s)
{
  double total = build(), sums[64];
  for (uint32_t index = 0;; index++) {
    double v = lk_uniform(s->seed, s->position, LK_PURPOSE_DRAW, (uint32_t)s->stream, index) * total;
    uint32_t g = 0, b, i = 0;
    while (v >= group[g]) v -= group[g++];
    for (b = g * 64; v >= bound[b]; b++) v -= bound[b];
    double last = running(b, sums);
    if (!(v < last)) {
      bound[b] = last;
      total = sum_groups();
      continue;
    }
    while (!(sums[i] > v)) i++;
    uint32_t id = b * 64 + i;
    if (!(s->top_p < 1)) return id;
    static bool above[N_MAX];
    for (uint32_t j = 0; j < n; j++) above[j] = entered[j] && stands_before(j, id);
    double before = mass(above, weight, n);
    if (before == 0 || before < s->top_p * (1 - 0x1p-21) * mass(entered, weight, n)) return id;
    for (uint32_t j = 0; j < n; j++)
      if (!stands_before(j, id)) candidate[j] = false;
    total = build();
  }
}

static uint32_t plain_sample(const lk_sampler *s)
{
  float max = -LK_INF;
  for (uint32_t i = 0; i < n; i++) {
    x[i] = !s->mask.at || (mask[i / 32] >> (i % 32) & 1) ? row[i] : -LK_INF;
    if (x[i] > max) max = x[i];
  }
  weigh(x, n, s->temperature, max, weight);
  for (uint32_t i = 0; i < n; i++) {
    entered[i] = candidate[i] = x[i] > -LK_INF;
    if (s->min_p > 0 && !(x[i] >= max + s->temperature * lk_log(s->min_p))) candidate[i] = false;
  }
  return draw(s);
}

int main(void)
{
  static const uint8_t order[] = { LK_STAGE_MASK, LK_STAGE_TEMPERATURE, LK_STAGE_TOP_P, LK_STAGE_MIN_P };
  static const double top_p[] = { 1, 0.95, 0.5, 0.05, 0 }, min_p[] = { 0, 0.05, 0.5, 1e-4 };
  static const double temperature[] = { 1, 0.7, 1.8, 0.1, 30 };
  uint32_t nucleus = 0;
  for (uint32_t kind = 0; kind < 4; kind++)
    for (uint32_t i = 0; i < ROWS; i++) {
      n = 1 + bits() % (i % 50 == 0 ? N_MAX : 400);
      groups = (LK_PADDED(n) / 64 + 63) / 64;
      fill(row, n, kind);
      lk_sampler s = { .min_keep = 1, .repetition_penalty = 1, .n = n, .seed = bits(), .position = i };
      s.temperature = temperature[bits() % 5];
      s.top_p = top_p[bits() % 5];
      s.min_p = min_p[bits() % 4];
      s.row.at = row;
      s.order.at = order;
      s.order_count = sizeof order;
      if (bits() % 4 == 0) {
        for (uint32_t w = 0; w < (n + 31) / 32; w++) mask[w] = bits() | bits();
        s.mask.at = mask;
        s.mask_words = (n + 31) / 32;
      }
      int status = lk_sample(&s, work);
      bool left = false;
      for (uint32_t j = 0; j < n; j++) left |= row[j] > -LK_INF && (!s.mask.at || (mask[j / 32] >> (j % 32) & 1));
      assert(status == (left ? LK_OK : LK_MASKED));
      if (!left) continue;
      nucleus += s.top_p < 1;
      uint32_t expected = plain_sample(&s);
      if (s.token == expected) continue;
      fprintf(stderr, "kind %u row %u n %u T %g top_p %g min_p %g: %u, plainly %u\n", kind, i, n, s.temperature, s.top_p,
              s.min_p, (uint32_t)s.token, expected);
      return 1;
    }
  printf("%u rows, %u of them with top_p: fast and plain agree\n", 4 * ROWS, nucleus);
  assert(nucleus > ROWS);
  return 0;
}
