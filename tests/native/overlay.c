/* Stages that ban or change listed tokens, over a row and over a list: what they leave, that the row comes back to the
 * bit, which stage is blamed where nothing is left; and the powers that two of them need. */
#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base.h"
#include "power.h"

#define N 200

static _Alignas(16) float row[LK_PADDED(N)], before[N];
static _Alignas(16) unsigned char work[300000];
static uint32_t ids[N], mask_room[(N + 31) / 32], allowed[(N + 31) / 32], mask[(N + 31) / 32];
static float probs[N];
static lk_entry entries[7][4];

static const uint8_t after[] = { LK_STAGE_MASK, LK_STAGE_SUPPRESS, LK_STAGE_MIN_TOKENS, LK_STAGE_FORCED,
  LK_STAGE_BAD_WORDS, LK_STAGE_NO_REPEAT_NGRAM, LK_STAGE_BIAS, LK_STAGE_LENGTH_PENALTY, LK_STAGE_DRY, LK_STAGE_TOP_K };
static uint8_t order[sizeof after];

/* Two entries for two tokens, the second one twice. */
static lk_entry *list(uint32_t which, uint32_t a, uint32_t b)
{
  lk_entry *e = entries[which];
  e[0] = (lk_entry){ a, 3, 0 };
  e[1] = (lk_entry){ b, 2, 0 };
  e[2] = (lk_entry){ b, 5, 0 };
  return e;
}

static lk_sampler fresh(bool listed)
{
  lk_sampler s = { .temperature = 1, .top_p = 1, .min_keep = 1, .n = N, .length_factor = 1, .length_start = INFINITY };
  for (uint32_t i = 0; i < N; i++) row[i] = before[i] = (float)(i * 37 % N) / 16 - 4;
  s.top_k = N;
  s.row.at = row;
  s.mask_room.at = mask_room;
  /* The list comes first or last. */
  memcpy(order + listed, after, sizeof after - 1);
  order[listed ? 0 : sizeof after - 1] = LK_STAGE_TOP_K;
  s.order.at = order;
  s.order_count = sizeof order;
  return s;
}

static double share(uint32_t id, const lk_sampler *s)
{
  for (uint32_t i = 0; i < s->kept; i++)
    if (ids[i] == id) return probs[i];
  return 0;
}

static void law(lk_sampler *s)
{
  assert(lk_distribution(s, N, ids, probs, work) == LK_OK);
  assert(memcmp(row, before, sizeof before) == 0);
  assert(lk_sample(s, work) == LK_OK);
  assert(memcmp(row, before, sizeof before) == 0);
  uint64_t kept = s->kept;
  static lk_record records[LK_STAGE_COUNT + 2];
  assert(lk_trace(s, records, work) == LK_OK);
  assert(memcmp(row, before, sizeof before) == 0);
  assert(records[0].kept == N && records[s->kept - 1].kept == (double)kept);
  s->kept = kept;
}

static void bans(bool listed)
{
  lk_sampler s = fresh(listed);
  s.suppressed.at = list(0, 1, 2), s.suppressed_count = 3;
  s.eos.at = list(1, 3, 4), s.eos_count = 3, s.min_tokens = 1;
  s.bad_words.at = list(2, 5, 2), s.bad_words_count = 3;
  s.ngrams.at = list(3, 199, 1), s.ngrams_count = 3;
  law(&s);
  assert(s.kept == N - 6);
  for (uint32_t i = 0; i < N; i++) assert((share(i, &s) > 0) == ((i == 0 || i > 5) && i != 199));
  s.position = 1;
  law(&s);
  assert(s.kept == N - 4);

  memset(allowed, 0, sizeof allowed);
  memset(mask, 0xff, sizeof mask);
  allowed[0] = 0xf0, allowed[3] = 1u << 31, mask[0] = 0x3f;
  s.allowed.at = allowed, s.allowed_words = 4;
  law(&s);
  assert(s.kept == 4 && share(127, &s) > 0);
  s.mask.at = mask, s.mask_words = 1;
  law(&s);
  assert(s.kept == 1 && share(4, &s) == 1);
  s.forced = 1 + 4;
  law(&s);
  assert(s.token == 4);
  s.forced = 1 + 127;
  assert(lk_sample(&s, work) == LK_MASKED && s.stage == LK_STAGE_FORCED);
  s.mask.at = 0;
  law(&s);
  assert(s.token == 127);
}

static void changes(bool listed)
{
  lk_sampler s = fresh(listed);
  law(&s);
  double one = share(1, &s), two = share(2, &s), other = share(7, &s);
  s.ends.at = list(4, 1, 2), s.ends_count = 3, s.length_start = 2, s.length_factor = 1.5, s.position = 5;
  law(&s);
  double gain = 1.5 * 1.5 * 1.5 - 1;
  assert(fabs(log(share(1, &s) / share(7, &s) / (one / other)) - fabs(before[1]) * gain) < 1e-5);
  assert(fabs(log(share(2, &s) / share(7, &s) / (two / other)) - fabs(before[2]) * gain) < 1e-5);
  s.ends_count = 0;
  s.repeats.at = list(5, 1, 2), s.repeats_count = 3, s.dry_allowed_length = 2, s.dry_base = 1.75;
  for (int sign = -1; sign < 2; sign += 2) {
    s.dry_multiplier = 0.4 * sign;
    law(&s);
    assert(fabs(log(share(1, &s) / share(7, &s) / (one / other)) + sign * 0.4 * 1.75) < 1e-5);
    assert(fabs(log(share(2, &s) / share(7, &s) / (two / other)) + sign * 0.4 * 1.75 * 1.75 * 1.75) < 1e-5);
  }
  /* Beyond float32 a logit is finite still: not masked. */
  entries[5][0].length = 4000000000u, s.dry_multiplier = 1e30;
  assert(lk_distribution(&s, N, ids, probs, work) == LK_OK && s.kept == N);
}

static void blame(bool listed)
{
  lk_sampler s = fresh(listed);
  for (uint32_t i = 0; i < N; i++) row[i] = before[i] = i == 9 ? 1 : -INFINITY;
  s.bad_words.at = list(2, 8, 9), s.bad_words_count = 2, s.repeats.at = list(5, 9, 9), s.repeats_count = 3;
  assert(lk_sample(&s, work) == LK_MASKED && s.stage == LK_STAGE_BAD_WORDS);
  assert(memcmp(row, before, sizeof before) == 0);
  s.stage = 0;
  assert(lk_distribution(&s, N, ids, probs, work) == LK_MASKED && s.stage == LK_STAGE_BAD_WORDS);
  row[9] = -INFINITY;
  assert(lk_sample(&s, work) == LK_MASKED && s.stage == LK_STAGE_COUNT);
}

int main(void)
{
  assert(lk_work_size(N) <= sizeof work);
  for (int listed = 0; listed < 2; listed++) {
    bans(listed);
    changes(listed);
    blame(listed);
  }
  double worst = 0;
  for (int i = 0; i <= 400; i++) {
    double error = lk_power(1.0625, i) / pow(1.0625, i) - 1;
    if (fabs(error) > worst) worst = fabs(error);
  }
  printf("powers up to the 400th: relative error %.3g\n", worst);
  assert(worst < 400 * 0x1p-53);
  assert(lk_power(2, 1e9) == (double)LK_INF && lk_power(0, 0) == 1 && lk_power(1, 0x1p53) == 1);
  return 0;
}
