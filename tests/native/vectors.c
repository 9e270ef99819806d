/* Cases: 0 softmax, 1 one draw from the whole row, 2 one draw from a list, 3 log-softmax, log-sum-exp and float64 weights,
 * 4 the chain in the default order, 5 the chain in llama.cpp's order, under a mask, 6 the law with one more stage after
 * another over the whole row, 7 the same over a list, 8 bans, the length penalty and dry,
 * 9 entmax and attention, 10 Gumbel noise over the whole row and a list, and the probability of a given token. */
#include "vectors.h"

#include <stdbool.h>

#include "logitkit.h"

#define N_MAX 5000

static _Alignas(16) float row[LK_PADDED(N_MAX)], out[LK_PADDED(N_MAX)];
static _Alignas(16) unsigned char work[500000];
static uint32_t mask[(N_MAX + 31) / 32], ids[N_MAX];
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

/* Which NaN it is depends on the engine, and no result is to be one but the state before a token. */
static void fold_double(double x)
{
  uint64_t bits = 0x7ff8000000000000;
  if (x == x) __builtin_memcpy(&bits, &x, 8);
  fold((uint32_t)bits);
  fold((uint32_t)(bits >> 32));
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

#define NATURAL LK_STAGE_MASK, LK_STAGE_BIAS, LK_STAGE_PENALTIES, LK_STAGE_TEMPERATURE, LK_STAGE_TOP_K, LK_STAGE_TOP_P, LK_STAGE_MIN_P

static const uint8_t natural[] = { NATURAL };
static const uint8_t llama[] = { LK_STAGE_MASK,  LK_STAGE_BIAS,  LK_STAGE_PENALTIES,  LK_STAGE_TOP_K,
                                 LK_STAGE_TOP_P, LK_STAGE_MIN_P, LK_STAGE_TEMPERATURE };

/* One stage each; what is 0 here is neutral or belongs to no stage that runs. */
static const struct {
  uint8_t stage;
  lk_sampler s;
} singles[] = {
  { LK_STAGE_TEMPERATURE, { .dynatemp_range = 0.5, .dynatemp_exponent = 1.3 } },
  { LK_STAGE_SMOOTHING, { .smoothing_factor = 0.3, .smoothing_curve = 2 } },
  { LK_STAGE_TOP_N_SIGMA, { .top_n_sigma = 1 } },
  { LK_STAGE_EPSILON, { .epsilon_cutoff = 3e-4 } },
  { LK_STAGE_ETA, { .eta_cutoff = 3e-4 } },
  { LK_STAGE_TOP_A, { .top_a = 0.2 } },
  { LK_STAGE_TAIL_FREE, { .tail_free = 0.95 } },
  { LK_STAGE_TOP_H, { .top_h = 0.6 } },
  { LK_STAGE_FIRST_TOKEN, { .first_token_cutoff = 0.9 } },
  { LK_STAGE_P_LESS, { .p_less = 1 } },
  { LK_STAGE_TYPICAL, { .typical_p = 0.9 } },
  { LK_STAGE_SKEW, { .skew = 0.5 } },
  { LK_STAGE_XTC, { .xtc_probability = 0.4, .xtc_threshold = 0.02 } },
  { LK_STAGE_MIROSTAT, { .mirostat = 1, .mirostat_tau = 3, .mirostat_eta = 0.2 } },
  { LK_STAGE_MIROSTAT, { .mirostat = 2, .mirostat_tau = 3, .mirostat_eta = 0.2 } },
  { LK_STAGE_ADAPTIVE, { .adaptive_target = 0.2, .adaptive_decay = 0.9 } },
  { LK_STAGE_MIN_P, { .transform = LK_SPARSEMAX } },
  { LK_STAGE_MIN_P, { .transform = LK_ENTMAX15 } },
};

static void one_stage(uint32_t i, uint32_t n, double temperature, bool listed)
{
  uint8_t order[] = { LK_STAGE_TEMPERATURE, LK_STAGE_TOP_K, singles[i].stage };
  lk_sampler s = singles[i].s;
  s.temperature = temperature;
  s.top_k = listed ? 40 : 0;
  s.min_keep = 1 + (next() & 1);
  s.n = n;
  s.row.at = row;
  s.order.at = order;
  s.order_count = order[0] == order[2] ? 2 : 3;
  s.position = i;
  s.mirostat_mu = 5;
  s.adaptive_sum = 3;
  s.adaptive_weight = 10;
  uint32_t count = n < 100 ? n : 100;
  fold((uint32_t)lk_distribution(&s, count, ids, out, work));
  fold((uint32_t)s.kept);
  if (s.kept < count) count = (uint32_t)s.kept;
  for (uint32_t j = 0; j < count; j++) fold(ids[j]);
  fold_floats(out, count);
  fold((uint32_t)lk_sample(&s, work));
  fold((uint32_t)s.token);
  fold_double(s.mirostat_next);
  fold_double(s.adaptive_sum_next);
  fold_double(s.adaptive_weight_next);
  static lk_record records[LK_STAGE_COUNT + 2];
  fold((uint32_t)lk_trace(&s, records, work));
  for (uint64_t j = 0; j < s.kept; j++) {
    fold_double(records[j].kept);
    fold_double(records[j].mass);
    fold_double(records[j].cutoff);
    fold_double(records[j].entropy);
  }
}

/* Tokens anywhere, some of them twice. */
static void one_list(uint32_t n, double temperature)
{
  static const uint8_t order[] = { LK_STAGE_BAD_WORDS, LK_STAGE_LENGTH_PENALTY, LK_STAGE_DRY, LK_STAGE_TEMPERATURE };
  static lk_entry entry[3][20];
  for (uint32_t i = 0; i < 60; i++)
    entry[i / 20][i % 20] = (lk_entry){ next() % (i < 20 ? n : n < 50 ? n : 50), 2 + next() % 40, 0 };
  lk_sampler s = { .temperature = temperature, .n = n, .position = 7 + (next() & 15) };
  s.row.at = row;
  s.order.at = order;
  s.order_count = sizeof order;
  s.bad_words.at = entry[0], s.bad_words_count = 20;
  s.ends.at = entry[1], s.ends_count = 20, s.length_start = 5, s.length_factor = 1.07;
  s.repeats.at = entry[2], s.repeats_count = 20;
  s.dry_multiplier = 0.8, s.dry_base = 1.75, s.dry_allowed_length = 2;
  fold((uint32_t)lk_sample(&s, work));
  fold((uint32_t)s.token);
  fold((uint32_t)s.stage);
  fold_floats(row, n);
  uint32_t count = n < 100 ? n : 100;
  fold((uint32_t)lk_distribution(&s, count, ids, out, work));
  if (s.kept < count) count = (uint32_t)s.kept;
  fold_floats(out, count);
}

/* Depths below the first logit, which may be masked, far above it or far below. */
static void weigh(uint32_t n, double temperature)
{
  static _Alignas(16) double depth[N_MAX + 1], weights[N_MAX + 1], sums[2];
  for (uint32_t i = 0; i < n; i++) {
    double d = ((double)row[0] - row[i]) / temperature;
    depth[i] = i == 0 ? 0 : d == d ? d : (double)__builtin_inf();
  }
  fold_double(lk_weigh(depth, n, 0, weights, sums));
  fold_double(sums[0]);
  fold_double(sums[1]);
  for (uint32_t i = 0; i < n; i++) fold_double(weights[i]);
}

/* Keys and values overlap: nothing minds. */
static void one_entmax(uint32_t n, double temperature)
{
  static const double alphas[] = { 1.001, 1.25, 1.5, 2, 2.5, 7 };
  for (uint32_t i = 0; i < sizeof alphas / sizeof *alphas; i++) {
    fold((uint32_t)lk_entmax(row, n, alphas[i], temperature, out, work));
    fold_floats(out, n);
  }
  for (uint32_t i = 0; i < n; i++)
    if (!(row[i] > -1e30f)) row[i] = 0;
  uint32_t d = 1 + n / 100, m = n / d;
  fold((uint32_t)lk_attention(row + n - d, row, row, m, d, d, 0.02 / temperature, 0, out, (double *)work));
  fold_floats(out, d);
}

static void one_race(uint32_t n, double temperature, bool listed)
{
  static const uint8_t order[] = { LK_STAGE_TEMPERATURE, LK_STAGE_TOP_K, LK_STAGE_TOP_P };
  lk_sampler s = { .temperature = temperature, .top_k = listed ? 40 : 0, .top_p = 0.9, .n = n, .method = LK_GUMBEL };
  s.row.at = row;
  s.order.at = order;
  s.order_count = sizeof order;
  s.seed = next();
  s.position = ((uint64_t)1 << 40) + n;
  fold((uint32_t)lk_sample(&s, work));
  fold((uint32_t)s.token);
  uint32_t count = n < 100 ? n : 100;
  fold((uint32_t)lk_distribution(&s, count, ids, out, work));
  if (s.kept < count) count = (uint32_t)s.kept;
  fold_floats(out, count);
  s.given = 1 + s.token;
  fold((uint32_t)lk_sample(&s, work));
  fold_double(s.probability);
}

static void one_row(uint32_t which, uint32_t n, double temperature)
{
  if (which == 9) {
    one_entmax(n, temperature);
    return;
  }
  if (which == 10) {
    one_race(n, temperature, false);
    one_race(n, temperature, true);
    return;
  }
  if (which == 8) {
    one_list(n, temperature);
    return;
  }
  if (which == 0) {
    fold((uint32_t)lk_softmax(row, n, temperature, out, work));
    fold_floats(out, n);
    return;
  }
  if (which == 3) {
    double sum;
    fold((uint32_t)lk_log_softmax(row, n, temperature, out, work));
    fold_floats(out, n);
    fold((uint32_t)lk_logsumexp(row, n, temperature, &sum, work));
    fold_double(sum);
    weigh(n, temperature);
    return;
  }
  if (which >= 6) {
    for (uint32_t i = 0; i < sizeof singles / sizeof *singles; i++) one_stage(i, n, temperature, which == 7);
    return;
  }
  lk_sampler s = { .temperature = temperature, .top_p = 1, .min_keep = 1, .repetition_penalty = 1, .n = n };
  s.row.at = row;
  s.order.at = which == 5 ? llama : natural;
  s.order_count = sizeof natural;
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

uint32_t lk_vector_count(void) { return 11; }

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
