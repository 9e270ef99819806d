/* The truncations against their definitions in logitkit.h followed literally: every survivor sorted and tested alone,
 * every sum over all of them. Only e^x and ln x are shared. What two of them leave, one after the other, must be the
 * same tokens in the same order, always. Typical has a test of its own: it is no prefix. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "exp64.h"
#include "plain.h"

#define ROWS 25000 /* for each of the four kinds */

enum { FILTERS = 11 };
static const uint8_t filter[FILTERS] = {
  LK_STAGE_TOP_P,     LK_STAGE_MIN_P, LK_STAGE_TOP_N_SIGMA, LK_STAGE_EPSILON,     LK_STAGE_ETA, LK_STAGE_TOP_A,
  LK_STAGE_TAIL_FREE, LK_STAGE_TOP_H, LK_STAGE_FIRST_TOKEN, LK_STAGE_P_LESS,      LK_STAGE_XTC,
};

static _Alignas(16) float row[LK_PADDED(N_MAX)], probs[LK_PADDED(N_MAX)];
static _Alignas(16) unsigned char work[400000];
static uint32_t ids[LK_PADDED(N_MAX)], order[N_MAX], n, count;
static double weight[N_MAX];

static int descending(const void *a, const void *b)
{
  uint32_t i = *(const uint32_t *)a, j = *(const uint32_t *)b;
  if (row[i] != row[j]) return row[i] > row[j] ? -1 : 1;
  return i < j ? -1 : 1;
}

typedef struct {
  double total, squares, depth, ln_total, entropy, sigma, mass;
} sums;

static double fold(const double lane[4]) { return (lane[0] + lane[2]) + (lane[1] + lane[3]); }

/* Everything about the survivors that a definition may mention, in ascending id. */
static sums survey(double temperature)
{
  static bool in[N_MAX];
  double total[4] = { 0 }, squares[4] = { 0 }, depth[4] = { 0 }, fall[4] = { 0 }, fall2[4] = { 0 }, top = row[order[0]];
  weigh(row, n, temperature, row[order[0]], weight);
  for (uint32_t id = 0; id < n; id++) in[id] = false;
  for (uint32_t i = 0; i < count; i++) in[order[i]] = true;
  for (uint32_t id = 0; id < n; id++) {
    if (!in[id]) continue;
    double d = top - row[id];
    total[id % 4] += weight[id];
    squares[id % 4] += weight[id] * weight[id];
    depth[id % 4] += weight[id] * d;
    fall[id % 4] += d;
    fall2[id % 4] += d * d;
  }
  sums s = { .total = fold(total), .squares = fold(squares), .mass = mass(in, weight, n) };
  s.depth = fold(depth) / s.total;
  s.ln_total = lk_log(s.total / weight[order[0]]);
  s.entropy = s.ln_total + s.depth / temperature;
  double mean = fold(fall) / count, variance = fold(fall2) / count - mean * mean;
  s.sigma = variance > 0 ? sqrt(variance) : 0;
  return s;
}

/* How many survivors have a logit of max - depth or more. */
static uint32_t reach(double depth)
{
  double least = depth > 0 ? row[order[0]] - depth : row[order[0]];
  uint32_t kept = 0;
  while (kept < count && row[order[kept]] >= least) kept++;
  return kept;
}

static uint32_t top_p(double p, const sums *s)
{
  /* The mass before grows with the place, so a search by halves finds the first that is not inside. */
  static bool before[N_MAX];
  uint32_t low = 1, high = count;
  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    for (uint32_t id = 0; id < n; id++) before[id] = false;
    for (uint32_t i = 0; i < middle; i++) before[order[i]] = true;
    double m = mass(before, weight, n);
    if (m == 0 || m < p * (1 - 0x1p-21) * s->mass) low = middle + 1;
    else high = middle;
  }
  return low;
}

static double exact(uint32_t i, double temperature)
{
  return lk_exp64(((double)row[order[i]] - row[order[0]]) / temperature);
}

static uint32_t tail_free(double z, double temperature)
{
  static double bend[N_MAX];
  if (count < 3) return count;
  double total = 0, sum = 0;
  for (uint32_t i = 0; i + 2 < count; i++) {
    double a = exact(i, temperature), b = exact(i + 1, temperature), c = exact(i + 2, temperature);
    total += bend[i] = fabs((a - b) - (b - c));
  }
  if (total == 0) return count;
  uint32_t kept = 1;
  while (kept + 1 < count && (sum += bend[kept - 1]) <= z * total) kept++;
  return kept;
}

static uint32_t top_h(double h, double temperature)
{
  double total = 0, upto[100], entropy = 0;
  uint32_t few = count < 100 ? count : 100, kept = 1;
  for (uint32_t i = 0; i < few; i++) total += exact(i, temperature);
  for (uint32_t i = 0; i < few; i++) {
    double q = exact(i, temperature) / total;
    upto[i] = entropy -= q > 0 ? q * lk_log(q) : 0;
  }
  while (kept < few && upto[kept] <= h * entropy) kept++;
  return kept;
}

/* XTC takes from the front: how many leave. */
static uint32_t xtc(const lk_sampler *s, const sums *m)
{
  lk_exp_table table;
  lk_exp_init(&table, s->temperature, row[order[0]]);
  double level = s->temperature * (lk_log(s->xtc_threshold) + lk_exp_ln(&table, s->temperature, m->mass));
  if (__builtin_fabs(level - row[order[0]]) <= 0x1p-20 * s->temperature) level = row[order[0]];
  uint32_t above = 0;
  while (above < count && row[order[above]] >= level) above++;
  return above < 2 || count - (above - 1) < s->min_keep ? 0 : above - 1;
}

static void apply(const lk_sampler *s, uint8_t stage)
{
  sums m = survey(s->temperature);
  double T = s->temperature, eta = lk_log(s->eta_cutoff), ln_mass = lk_log(m.mass / weight[order[0]]);
  uint32_t kept = count, keep = s->min_keep < count ? (uint32_t)s->min_keep : count, gone = 0;
  if (stage == LK_STAGE_TOP_P) kept = top_p(s->top_p, &m);
  if (stage == LK_STAGE_MIN_P) kept = reach(-T * lk_log(s->min_p));
  if (stage == LK_STAGE_TOP_N_SIGMA) kept = reach(s->top_n_sigma * m.sigma);
  if (stage == LK_STAGE_EPSILON) kept = reach(-T * (lk_log(s->epsilon_cutoff) + ln_mass));
  if (stage == LK_STAGE_ETA) kept = reach(-T * (fmin(eta, 0.5 * eta - m.entropy) + m.ln_total));
  if (stage == LK_STAGE_TOP_A) kept = reach(-T * (lk_log(s->top_a) - ln_mass));
  if (stage == LK_STAGE_TAIL_FREE) kept = tail_free(s->tail_free, T);
  if (stage == LK_STAGE_TOP_H) kept = top_h(s->top_h, T);
  if (stage == LK_STAGE_FIRST_TOKEN) kept = reach(-T * lk_log(1 - s->first_token_cutoff));
  if (stage == LK_STAGE_P_LESS) kept = reach(-T * (lk_log(m.squares / m.total / m.total) + m.ln_total));
  if (stage == LK_STAGE_XTC) gone = xtc(s, &m);
  if (kept < keep) kept = keep;
  count = kept - gone;
  for (uint32_t i = 0; i < count; i++) order[i] = order[i + gone];
}

static void plainly(const lk_sampler *s, const uint8_t *stages)
{
  count = 0;
  for (uint32_t id = 0; id < n; id++)
    if (row[id] > -LK_INF) order[count++] = id;
  qsort(order, count, sizeof *order, descending);
  apply(s, stages[1]);
  apply(s, stages[2]);
}

static double of(const double *values, uint32_t length) { return values[bits() % length]; }
#define OF(...) of((const double[]){ __VA_ARGS__ }, sizeof((double[]){ __VA_ARGS__ }) / sizeof(double))

int main(void)
{
  uint64_t shorter = 0;
  for (uint32_t kind = 0; kind < 4; kind++)
    for (uint32_t i = 0; i < ROWS; i++) {
      n = 1 + bits() % (i % 500 == 0 ? N_MAX : 200);
      fill(row, n, kind);
      uint8_t stages[3] = { LK_STAGE_TEMPERATURE, filter[bits() % FILTERS] };
      do stages[2] = filter[bits() % FILTERS];
      while (stages[2] == stages[1]);
      lk_sampler s = { .min_keep = OF(1, 1, 1, 2, 7), .repetition_penalty = 1, .n = n, .position = i };
      s.temperature = OF(1, 0.7, 1.8, 0.1, 30);
      s.top_p = OF(0.95, 0.5, 0.05, 0);
      s.min_p = OF(0.05, 0.5, 1e-4);
      s.top_n_sigma = OF(1, 0.3, 2.5);
      s.epsilon_cutoff = OF(3e-4, 0.01, 0.2);
      s.eta_cutoff = OF(3e-4, 0.01, 0.5);
      s.top_a = OF(0.2, 0.9, 0.01);
      s.tail_free = OF(0.95, 0.5, 0.1);
      s.top_h = OF(0.4, 0.9, 0.05);
      s.first_token_cutoff = OF(0.5, 0.9, 0.99, 0);
      s.p_less = 1;
      s.xtc_probability = 1;
      s.xtc_threshold = OF(0.1, 0.02, 0.3);
      s.row.at = row;
      s.order.at = stages;
      s.order_count = sizeof stages;
      int status = lk_distribution(&s, n, ids, probs, work);
      assert(status == LK_OK);
      plainly(&s, stages);
      bool same = s.kept == count;
      for (uint32_t j = 0; same && j < count; j++) same = ids[j] == order[j];
      uint32_t unmasked = 0;
      for (uint32_t id = 0; id < n; id++) unmasked += row[id] > -LK_INF;
      shorter += count < unmasked;
      if (same) continue;
      fprintf(stderr, "kind %u row %u n %u T %g min_keep %g stages %u, %u: kept %u, plainly %u\n", kind, i, n, s.temperature,
              s.min_keep, stages[1], stages[2], (uint32_t)s.kept, count);
      return 1;
    }
  printf("%u rows through two truncations, %u of them shortened: fast and plain agree\n", 4 * ROWS, (uint32_t)shorter);
  assert(shorter > 2 * ROWS);
  return 0;
}
