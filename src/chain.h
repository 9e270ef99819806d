/* The chain: one step of one sampler while it runs, and what a stage is.   SPDX-License-Identifier: MIT
 *
 * Survivors are never copied. They are either a row with a place (`cut`) behind which nothing survives, or, from a small
 * top_k on, a sorted list. A stage moves the cut, shortens the list, or changes the temperature; only what cannot be
 * said so writes the row anew into scratch memory (lk_chain_rewrite).
 */
#ifndef LK_CHAIN_H
#define LK_CHAIN_H

#include "exp.h"
#include "rewrite.h"

/* A top_p that acts on a whole row is decided per drawn token (step 4 of "The draw"); this is what it saw. */
typedef struct {
  bool pending;
  double p;
  lk_key cut;         /* the candidates */
  lk_key keep;        /* at or before this place a token stays whatever its mass says (min_keep) */
  lk_exp_table exp;   /* weights under the temperature of that moment */
  double total;       /* their mass; negative until needed */
  double least, most; /* bounds of it, known earlier */
} lk_nucleus;

/* Whether XTC fires: as its random number says, or, for its part of the law, certainly or never. */
typedef enum { LK_XTC_BY_CHANCE, LK_XTC_FIRES, LK_XTC_RESTS } lk_xtc;

typedef struct lk_chain lk_chain;
struct lk_chain {
  lk_sampler *s;
  lk_work work;
  lk_row row;
  bool scanned;       /* row.block_max and row.max are true */
  lk_key cut;
  bool listed;        /* survivors are work.list_z, list_id, [0, count) */
  uint32_t count;
  double temperature;
  bool weighted;      /* exp is true, and for a list work.list_e */
  lk_exp_table exp;
  lk_nucleus nucleus;
  bool decided;       /* the token is known: stages that follow are skipped */
  uint32_t token;
  uint8_t overlay[LK_STAGE_COUNT]; /* stages that overlaid s->row, to be undone in reverse */
  uint32_t overlays;
  lk_xtc xtc;
  bool differs;       /* it makes a difference that XTC fired */
  uint32_t removed;   /* survivors that XTC has removed, not counting MLX's equals */
  bool learning;      /* the state after the token is wanted */
  void (*learn)(lk_chain *c); /* null, or what works it out when the token is drawn */
};

/* A row of the stage table (chain.c). apply returns a status. */
typedef struct {
  bool (*active)(const lk_sampler *s);
  int (*apply)(lk_chain *c);
  void (*undo)(lk_chain *c); /* stages that overlay the row; else null */
} lk_stage_def;

/* One step: open, walk through the stages, draw unless it is decided, restore the row (also after an error). */
void lk_chain_open(lk_chain *c, lk_sampler *s, void *work);
int lk_chain_walk(lk_chain *c);
void lk_chain_restore(lk_chain *c);

/* Open, walk, and what the draw makes of the survivors: all but the choice among them. */
int lk_chain_run(lk_chain *c, lk_sampler *s, void *work, lk_xtc xtc);

/* Pass 1, unless it is done. LK_NAN, LK_EMPTY, LK_MASKED. */
int lk_chain_scan(lk_chain *c);

/* c->exp (and work.list_e) for the survivors and temperature of now. May rewrite the row. Statuses of lk_chain_scan. */
int lk_chain_weigh(lk_chain *c);

/* Rewrites the survivors: in the list, or in a new row (work.spare). */
int lk_chain_rewrite(lk_chain *c, lk_rewrite how);

/* nucleus.c: decides a pending top_p for good: moves the cut to the last token inside. */
int lk_chain_settle(lk_chain *c);

/* Makes c->row a float32 row that may be written, with pass 1 still to come: the caller's own where nothing has been
 * scanned yet (returns true: the stage must then be undone), else a copy of the survivors. Row regime only. */
int lk_chain_edit(lk_chain *c, bool *undo);

/* Puts the list back in order after its logits changed, and drops what was masked. */
void lk_chain_resort(lk_chain *c);

/* mask.c: leaves the tokens of this mask only, beside those masks that came before it. */
int lk_chain_mask(lk_chain *c, const uint32_t *mask, uint32_t words);

/* The first survivors that min_keep protects: the place of the last of them, or of the first survivor. */
lk_key lk_chain_keep(lk_chain *c);
uint32_t lk_min_keep(const lk_sampler *s);

/* level.c: the survivors' mass (nothing pending, weighed), and the least logit of those with ln p >= ln_p: ln p is x/T
 * minus the logarithm of the mass. Up to rounding the greatest logit is that very one. With T = INFINITY -INFINITY or
 * INFINITY, as all have it or none. */
double lk_chain_mass(const lk_chain *c);
double lk_chain_level(const lk_chain *c, double mass, double ln_p);

/* level.c: the probability with which c->token is drawn, where nothing is pending; 0 if it does not survive. */
double lk_chain_drawn(const lk_chain *c);

/* nucleus.c: is this token, one of the candidates, inside the pending top_p? */
bool lk_nucleus_holds(lk_chain *c, float z, uint32_t id);

/* nucleus.c: takes a candidate of the row for c->token, if it is inside a pending top_p; else it and all behind it stop
 * being candidates. */
bool lk_nucleus_takes(lk_chain *c, uint32_t id);

/* draw.c: chooses c->token. */
int lk_draw(lk_chain *c);

/* gumbel.c: the same with method GUMBEL; transformed and weighed. */
void lk_draw_gumbel(lk_chain *c);

/* chain.c: by number. */
extern const lk_stage_def *const lk_stages[LK_STAGE_COUNT];

extern const lk_stage_def lk_stage_mask, lk_stage_bias, lk_stage_penalties, lk_stage_temperature, lk_stage_top_k,
  lk_stage_top_p, lk_stage_min_p, lk_stage_smoothing, lk_stage_top_n_sigma, lk_stage_epsilon, lk_stage_eta, lk_stage_top_a,
  lk_stage_tail_free, lk_stage_top_h, lk_stage_first_token, lk_stage_p_less, lk_stage_typical, lk_stage_skew,
  lk_stage_suppress, lk_stage_min_tokens, lk_stage_forced, lk_stage_bad_words, lk_stage_no_repeat_ngram,
  lk_stage_length_penalty, lk_stage_dry,
  lk_stage_xtc, lk_stage_mirostat, lk_stage_adaptive;

#endif
