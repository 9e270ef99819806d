/* How much work a token costs, counted instead of timed (-DLK_COUNT): a relapse into another pass over the vocabulary, or
 * into exponentials nobody needs, fails here on every machine alike. Means over 200 draws of 151,936 logits. */
#include <assert.h>
#include <math.h>
#include <stdio.h>

#include "counts.h"
#include "row.h"

#define N 151936
#define DRAWS 200

static _Alignas(16) float row[LK_PADDED(N)], out[LK_PADDED(N)];
static _Alignas(16) unsigned char work[4000000], counted[100000];
static uint32_t state = 88172645u;

static double unit(void)
{
  state ^= state << 13;
  state ^= state >> 17;
  state ^= state << 5;
  return state * 0x1p-32;
}

static double bell(void) { return sqrt(-2 * log(1 - unit())) * cos(6.283185307179586 * unit()); }

/* The rows of research: a normal body with ten peaks; ranks to the power -1.1; nearly flat. */
static void fill(int kind)
{
  static uint32_t rank[N];
  for (uint32_t i = 0; i < N; i++) rank[i] = i;
  for (uint32_t i = N - 1; kind == 1 && i > 0; i--) {
    uint32_t j = (uint32_t)(unit() * (i + 1)), r = rank[i];
    rank[i] = rank[j];
    rank[j] = r;
  }
  for (uint32_t i = 0; i < N; i++)
    row[i] = (float)(kind == 0 ? 2.5 * bell() : kind == 1 ? -1.1 * log(rank[i] + 3.7) : 0.3 * bell());
  for (int i = 0; kind == 0 && i < 10; i++) row[(uint32_t)(unit() * N)] = (float)(17 + 3 * unit());
}

/* Means per call: rows read, exponentials per block, rows estimated, uniforms. */
typedef struct {
  double read, exps, linear, uniforms;
} bounds;

static void check(const char *what, int kind, int calls, bounds most)
{
  static const char *const kinds[] = { "peaked", "zipf", "flat" };
  lk_tally *t = (lk_tally *)work;
  double read = t->read / (double)N / calls, exps = t->exps / (N / 64.0) / calls;
  double linear = t->linear / (double)N / calls, uniforms = t->uniforms / (double)calls;
  printf("%-22s %-7s rows read %.3f, exps per block %.3f, rows estimated %.3f, uniforms %.2f\n", what, kinds[kind], read,
         exps, linear, uniforms);
  assert(read <= most.read && exps <= most.exps && linear <= most.linear && uniforms <= most.uniforms);
  assert(t->read + t->exps > 0 && t->written == 0 && t->sorted == 0);
  *t = (lk_tally){ 0 };
}

static void draws(const char *what, int kind, lk_sampler s, bounds most)
{
  static const uint8_t order[] = { LK_STAGE_MASK,  LK_STAGE_BIAS,  LK_STAGE_PENALTIES, LK_STAGE_TEMPERATURE,
                                   LK_STAGE_TOP_K, LK_STAGE_TOP_P, LK_STAGE_MIN_P };
  if (s.min_keep == 0) s.min_keep = 1;
  if (s.top_p == 0) s.top_p = 1;
  if (s.repetition_penalty == 0) s.repetition_penalty = 1;
  s.n = N;
  s.seed = 7;
  s.row.at = row;
  s.order.at = order;
  s.order_count = sizeof order;
  for (int i = 0; i < DRAWS; i++) {
    s.position = (uint64_t)i;
    assert(lk_sample(&s, work) == LK_OK);
  }
  check(what, kind, DRAWS, most);
}

int main(void)
{
  assert(lk_work_size(N) <= sizeof work && lk_counts_size(1000) <= sizeof counted);
  lk_counts *counts = (lk_counts *)counted;
  lk_counts_init(counts, 1000);
  for (uint32_t i = 0; i < 1000; i++) assert(lk_counts_add(counts, i * 151, 1, 1) == LK_OK);
  for (int kind = 0; kind < 3; kind++) {
    fill(kind);
    lk_sampler chain = { .temperature = 0.8, .top_k = 40, .top_p = 0.95, .min_p = 0.05 };
    lk_sampler penalised = chain;
    penalised.repetition_penalty = 1.1;
    penalised.counts.at = counts;
    double sum;
    assert(lk_softmax(row, N, 1, out, work) == LK_OK);
    check("softmax", kind, 1, (bounds){ 0, 64.1, 0, 0 });
    assert(lk_softmax(out, N, 1, out, work) == LK_OK);
    check("softmax in place", kind, 1, (bounds){ 1.002, 64.1, 0, 0 });
    assert(lk_logsumexp(row, N, 1, &sum, work) == LK_OK);
    check("logsumexp", kind, 1, (bounds){ 0, 64.1, 0, 0 });
    assert(lk_log_softmax(row, N, 1, out, work) == LK_OK);
    check("logsoftmax", kind, 1, (bounds){ 0, 64.1, 0, 0 });
    draws("greedy", kind, (lk_sampler){ .temperature = 0 }, (bounds){ 1.002, 0, 0, 0 });
    draws("top-k 40", kind, (lk_sampler){ .temperature = 1, .top_k = 40 }, (bounds){ 1.05, 0.03, 0, 1 });
    draws("chain", kind, chain, (bounds){ 1.05, 0.03, 0, 1 });
    draws("penalties and chain", kind, penalised, (bounds){ 1.05, 0.03, 0, 1 });
    draws("min-p 0.05", kind, (lk_sampler){ .temperature = 1, .min_p = 0.05 }, (bounds){ 1.05, 2.5, 0, 20 });
    draws("whole row", kind, (lk_sampler){ .temperature = 1 }, (bounds){ 1.05, 2.5, 0, kind == 1 ? 40 : 4 });
    draws("Gumbel noise", kind, (lk_sampler){ .temperature = 1, .method = LK_GUMBEL }, (bounds){ 2.01, 0, 0, 500 });
    draws("Gumbel noise, top-k 40", kind, (lk_sampler){ .temperature = 1, .top_k = 40, .method = LK_GUMBEL },
          (bounds){ 1.05, 0.03, 0, 40 });
    static const bounds nucleus[] = { { 1.18, 6.5, 0.1, 4 }, { 1.9, 5, 0.9, 45 }, { 2.3, 4, 1.3, 5 } };
    draws("top-p 0.95", kind, (lk_sampler){ .temperature = 1, .top_p = 0.95 }, nucleus[kind]);
  }
  return 0;
}
