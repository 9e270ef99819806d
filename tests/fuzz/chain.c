/* Any row, any options, any order of stages, as bytes that libFuzzer makes up; under the address and undefined-behaviour
 * sanitizers. What must hold whatever they are: the statuses of both functions agree, NaN is found wherever it stands, the row and the lists come back
 * bit for bit, the token is one of the law's, the law is one, and the same call gives the same token. */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "functions.h"
#include "row.h"

#define N_MAX 700
#define LIST_MAX 12

#define CHECK(held)                                             \
  do {                                                          \
    if (!(held)) {                                              \
      fprintf(stderr, "line %d: %s\n", __LINE__, #held);        \
      abort();                                                  \
    }                                                           \
  } while (0)

static const uint8_t *data;
static size_t left;

static uint32_t byte(void) { return left > 0 ? left--, *data++ : 0; }
static uint32_t word(void)
{
  uint32_t w = byte();
  for (int i = 0; i < 3; i++) w = w << 8 | byte();
  return w;
}

/* A number of the interval, its ends and a few others more often than chance would have it. */
static double within(double low, double high)
{
  uint32_t kind = byte();
  if (kind < 40) return low;
  if (kind < 60) return high;
  double u = word() * 0x1p-32;
  return kind < 80 ? low + (high - low) * u * 1e-6 : low + (high - low) * u;
}

/* A positive number of any size that float32 has. */
static double any(void)
{
  uint32_t kind = byte();
  if (kind < 12) return FLT_MAX;
  if (kind < 24) return 0x1p-128;
  return ldexp(1 + byte() / 256.0, (int)(byte() % 60) - 30);
}

/* A number of either sign and any size. */
static double finite(void)
{
  uint32_t kind = byte();
  double size = kind < 12 ? DBL_MAX : kind < 24 ? 0x1p-1074 : any();
  return byte() % 2 ? size : -size;
}

static float logit(uint32_t kind)
{
  float x;
  uint32_t bits = word();
  memcpy(&x, &bits, 4);
  if (kind == 0) return x; /* any bits: NaN, infinities, subnormals */
  if (kind == 1) return (float)(bits % 7) - 3;
  if (kind == 2) return bits % 5 == 0 ? -INFINITY : (float)(int32_t)bits * 0x1p-27f;
  return (float)(int32_t)bits * 0x1p-26f;
}

static lk_record records[LK_STAGE_COUNT + 2];
static _Alignas(16) float row[LK_PADDED(N_MAX)], probs[LK_PADDED(N_MAX)];
static _Alignas(16) unsigned char work[400000], counted[4000];
static uint32_t ids[N_MAX], mask[N_MAX / 32 + 1], allowed[N_MAX / 32 + 1], room[N_MAX / 32 + 1];
static uint32_t bias_ids[LIST_MAX];
static float bias[LIST_MAX], saved[LIST_MAX];
static lk_entry entries[6][LIST_MAX];

/* A list of tokens, ascending and distinct where wanted; how many. */
static uint32_t tokens(lk_entry *list, uint32_t n)
{
  uint32_t count = byte() % (LIST_MAX + 1);
  for (uint32_t i = 0; i < count; i++) list[i] = (lk_entry){ word() % n, 2 + byte() % 50, 0 };
  return count;
}

static void masked(uint32_t *words, uint32_t n)
{
  uint32_t kind = byte();
  for (uint32_t i = 0; i < (n + 31) / 32; i++) words[i] = kind < 90 ? word() : kind < 180 ? 0xffffffff : word() & word() & word();
}

static uint32_t options(lk_sampler *s, uint8_t *order)
{
  static const double temperatures[] = { 1, 0, -1, 0.8, 1e-30, 1e30, INFINITY, -INFINITY, 1e-39, -0.0 };
  uint32_t n = (uint32_t)s->n;
  s->temperature = byte() % 2 ? temperatures[byte() % 10] : within(-3, 3);
  s->top_k = byte() % 3 ? 0 : byte() % 2 ? 1 + byte() : 1 + word() % (2 * N_MAX);
  s->top_p = within(0, 1);
  s->min_p = within(0, 1);
  if (byte() % 3 == 0) s->dynatemp_range = any(), s->dynatemp_exponent = any();
  if (byte() % 3 == 0) s->smoothing_factor = any(), s->smoothing_curve = 1 + any();
  else s->smoothing_curve = 1;
  s->top_n_sigma = byte() % 3 ? 0 : fabs(finite());
  s->epsilon_cutoff = within(0, 1);
  s->eta_cutoff = within(0, 1);
  s->top_a = within(0, 1);
  s->tail_free = within(0, 1);
  s->top_h = within(0, 1);
  s->first_token_cutoff = within(0, 1);
  s->p_less = byte() % 2;
  s->typical_p = within(0, 1);
  s->skew = within(-10, 10);
  s->xtc_probability = within(0, 1);
  s->xtc_threshold = within(0, 1);
  s->mirostat = byte() % 3;
  s->mirostat_tau = fabs(finite());
  s->mirostat_eta = fabs(finite());
  s->adaptive_target = within(-1, 1);
  s->adaptive_decay = within(0, 0.99);
  s->transform = byte() % 3;
  s->min_keep = byte() % 2 ? 1 : 1 + byte() * 5;
  s->repetition_penalty = byte() % 2 ? 1 : any();
  s->frequency_penalty = byte() % 2 ? 0 : finite();
  s->presence_penalty = byte() % 2 ? 0 : finite();
  s->llama_temperature = byte() % 4 == 0;
  s->rules = byte() % 4 ? 0 : byte() % 32;
  s->seed = word();
  s->position = byte() % 2 ? byte() : ((uint64_t)1 << 53) - 1;
  s->stream = word();
  s->mirostat_mu = byte() % 2 ? NAN : byte() % 2 ? within(-10, 30) : finite();
  s->adaptive_sum = s->adaptive_weight = NAN;
  if (byte() % 2) s->adaptive_sum = any(), s->adaptive_weight = any();
  if (byte() % 3 == 0) masked(mask, n), s->mask.at = mask, s->mask_words = byte() % ((n + 31) / 32 + 1);
  if (byte() % 4 == 0) masked(allowed, n), s->allowed.at = allowed, s->allowed_words = (n + 31) / 32;
  s->mask_room.at = room;
  if (byte() % 8 == 0) s->forced = 1 + word() % n;
  s->suppressed.at = entries[0], s->suppressed_count = tokens(entries[0], n);
  s->min_tokens = byte();
  s->eos.at = entries[1], s->eos_count = tokens(entries[1], n);
  s->bad_words.at = entries[2], s->bad_words_count = tokens(entries[2], n);
  s->ngrams.at = entries[3], s->ngrams_count = tokens(entries[3], n);
  s->length_start = byte(), s->length_factor = any();
  s->ends.at = entries[4], s->ends_count = tokens(entries[4], n);
  s->dry_multiplier = byte() % 2 ? 0 : finite();
  s->dry_base = 1 + fabs(finite()), s->dry_allowed_length = 2;
  s->repeats.at = entries[5], s->repeats_count = tokens(entries[5], n);
  for (uint32_t id = byte(); id < n && s->bias_count < LIST_MAX; id += 1 + byte()) {
    bias_ids[s->bias_count] = id;
    uint32_t kind = byte() % 4;
    bias[s->bias_count++] = kind == 0 ? -INFINITY : kind == 1 ? -(float)any() : (float)any();
  }
  s->bias_ids.at = bias_ids, s->bias.at = bias, s->bias_saved.at = saved;

  /* Stages in any order; mirostat and adaptive only last, as the wrapper has it. */
  uint32_t count = 0, from = byte(), step = 1 + byte() % (LK_STAGE_MIROSTAT - 1);
  bool in[LK_STAGE_COUNT] = { false };
  for (uint32_t i = 0; i < LK_STAGE_MIROSTAT; i++) {
    uint32_t stage = (from + i * step) % LK_STAGE_MIROSTAT;
    if (!in[stage] && byte() % 8) order[count++] = (uint8_t)stage;
    in[stage] = true;
  }
  if (s->mirostat > 0 && byte() % 2) s->adaptive_target = -1, order[count++] = LK_STAGE_MIROSTAT;
  else if (s->adaptive_target >= 0 && byte() % 2) order[count++] = LK_STAGE_ADAPTIVE;
  return count;
}

/* Stages that do nothing but leave tokens out at the far end. Any other may let come back what could not be drawn because
 * it was infinitely far behind: beside +INFINITY, or beyond float32 at a temperature near 0. */
static bool truncates(uint64_t stage)
{
  return (stage >= LK_STAGE_TOP_K && stage <= LK_STAGE_P_LESS) || stage == LK_STAGE_MIROSTAT;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
  static float before[LK_PADDED(N_MAX)];
  uint8_t order[LK_STAGE_COUNT];
  data = bytes, left = size;
  uint32_t n = 1 + word() % N_MAX, kind = byte() % 8;
  lk_sampler s = { .n = n };
  s.dtype = byte() % 4 ? LK_F32 : 1 + byte() % 2;
  s.order.at = order;
  s.order_count = options(&s, order);
  lk_counts *counts = (lk_counts *)counted;
  if (lk_counts_size(100) > sizeof counted) abort();
  lk_counts_init(counts, 100);
  for (uint32_t i = byte() % 50; i > 0; i--) lk_counts_add(counts, word() % n, 1 + byte() % 3, byte() % 2);
  if (byte() % 2) s.counts.at = counts;
  for (uint32_t i = 0; i < n; i++) row[i] = logit(kind);
  if (lk_work_size(n) > sizeof work) abort();
  s.row.at = row;
  size_t bytes_of_row = n * (s.dtype == LK_F32 ? 4 : 2);
  memcpy(before, row, bytes_of_row);

  int status = lk_sample(&s, work);
  CHECK(status == LK_OK || status == LK_NAN || status == LK_MASKED);
  uint32_t index, nans;
  lk_find_nan(row, n, (uint32_t)s.dtype, &index, &nans);
  CHECK((status == LK_NAN) == (nans > 0));
  CHECK(memcmp(before, row, bytes_of_row) == 0);
  uint64_t token = s.token;
  CHECK(lk_sample(&s, work) == status && s.token == token);
  int law = lk_distribution(&s, n, ids, probs, work);
  /* XTC may leave to a later stage nothing but what that bans: the token is then as chance has it, and there is no law. */
  bool by_chance = s.xtc_probability > 0 && s.xtc_probability < 1 && s.xtc_threshold <= 0.5;
  CHECK(law == status || (by_chance && (law == LK_MASKED || status == LK_MASKED)));
  CHECK(memcmp(before, row, bytes_of_row) == 0);
  uint64_t kept = s.kept, last = s.order_count;
  CHECK(lk_trace(&s, records, work) == status);
  CHECK(memcmp(before, row, bytes_of_row) == 0 && s.order_count == last);
  if (status != LK_OK || law != LK_OK) return 0;
  last = s.kept;
  CHECK(last >= 1 && last <= s.order_count + 2);
  for (uint32_t i = 0; i < last; i++) {
    const lk_record *r = records + i;
    CHECK(r->kept >= 1 && r->kept <= (i > 0 && truncates(r->stage) ? r[-1].kept : n));
    CHECK(r->mass >= 0 && r->mass <= 1.000001);
    CHECK(r->entropy >= -1e-9 && r->entropy < 8);
  }
  CHECK(by_chance || records[last - 1].kept == kept);
  s.kept = kept;
  CHECK(s.kept >= 1 && s.kept <= n);
  double sum = 0;
  bool found = false;
  for (uint32_t i = 0; i < s.kept; i++) {
    CHECK(ids[i] < n && probs[i] >= 0 && probs[i] <= 1.000001f);
    CHECK(i == 0 || probs[i] <= probs[i - 1]);
    found |= ids[i] == token;
    sum += probs[i];
  }
  CHECK(found);
  CHECK(fabs(sum - 1) < 1e-4);
  return 0;
}
