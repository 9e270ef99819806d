/* Draws by Gumbel noise, by the definition in logitkit.h.   SPDX-License-Identifier: MIT
 *
 * A token wins only if its noise makes up for what its logit lacks: y + g > best means -ln u < e^(y - best). As 1 - u is
 * never above -ln u, nearly every token is told by half of its random bits, without a logarithm, and a block without any
 * where not even the greatest noise, 36.74, would do.
 */
#include "chain.h"
#include "exp64.h"
#include "log.h"
#include "philox.h"

#define LEAST 0x1p-53  /* of 1 - u, and of u */
#define SURE -3.7      /* the likeliest token has more, even with the least noise, -ln(53 ln 2) = -3.604 */
#define SLACK 1.000001 /* for the rounding of e^(y - best) */

typedef struct {
  float max;
  double best;
  double bound; /* e^(y - best) of the next tokens, at least */
  uint32_t token;
} race;

static double height(const lk_chain *c, const race *r, float z) { return ((double)z - r->max) / c->temperature; }

/* The next tokens are at most as likely as z. Can any win? */
static bool open_for(const lk_chain *c, race *r, float z)
{
  r->bound = lk_exp64(height(c, r, z) - r->best) * SLACK;
  return r->bound >= LEAST;
}

static void enter(const lk_chain *c, race *r, float z, uint32_t id)
{
  LK_TALLY(&c->row, uniforms, 1);
  const lk_sampler *s = c->s;
  double u = lk_uniform(s->seed, s->position, LK_PURPOSE_GUMBEL, (uint32_t)s->stream, id);
  if (1 - u > r->bound) return;
  double score = height(c, r, z) - lk_log(-lk_log(u > 0 ? u : LEAST));
  if (!(score > r->best || (score == r->best && id < r->token))) return;
  r->best = score;
  r->token = id;
}

static void enter_block(const lk_chain *c, race *r, uint32_t b)
{
  const lk_sampler *s = c->s;
  float top = c->row.block_max[b];
  if (top < c->cut.z || !open_for(c, r, top)) return;
  _Alignas(16) float scratch[LK_BLOCK];
  const float *x = lk_row_block(&c->row, b, scratch);
  v128_t least = wasm_i32x4_splat((int32_t)(r->bound < 1 ? (uint32_t)((1 - r->bound) * 0x1p32) : 0)), words[4];
  LK_TALLY(&c->row, read, LK_BLOCK);
  for (uint32_t i = 0; i < LK_BLOCK; i += 8) {
    lk_philox(s->seed, s->position, LK_PURPOSE_GUMBEL, (uint32_t)s->stream, (b * LK_BLOCK + i) >> 1, words);
    uint32_t even = wasm_i32x4_bitmask(wasm_u32x4_ge(words[1], least));
    uint32_t hits = even | (uint32_t)wasm_i32x4_bitmask(wasm_u32x4_ge(words[3], least)) << 4;
    for (; hits; hits &= hits - 1) {
      uint32_t lane = (uint32_t)__builtin_ctz(hits), j = i + (lane & 3) * 2 + (lane >> 2), id = b * LK_BLOCK + j;
      if (x[j] > -LK_INF && lk_key_keeps(c->cut, x[j], id)) enter(c, r, x[j], id);
    }
  }
}

static void race_list(const lk_chain *c, race *r)
{
  const lk_work *w = &c->work;
  for (uint32_t i = 0; i < c->count; i++) {
    if (i % 8 == 0 && !open_for(c, r, w->list_z[i])) break;
    enter(c, r, w->list_z[i], w->list_id[i]);
  }
}

void lk_draw_gumbel(lk_chain *c)
{
  race r = { .max = c->listed ? c->work.list_z[0] : c->row.max };
  do {
    r.best = SURE;
    if (c->listed) race_list(c, &r);
    for (uint32_t b = 0; !c->listed && b < c->row.blocks; b++) enter_block(c, &r, b);
    c->token = r.token;
  } while (!c->listed && !lk_nucleus_takes(c, r.token));
}
