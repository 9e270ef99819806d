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

typedef struct {
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
  uint8_t overlay[2]; /* stages that overlaid s->row, to be undone in reverse */
  uint32_t overlays;
} lk_chain;

/* A row of the stage table (chain.c). apply returns a status. */
typedef struct {
  bool (*active)(const lk_sampler *s);
  int (*apply)(lk_chain *c);
  void (*undo)(lk_chain *c); /* stages that overlay the row; else null */
} lk_stage_def;

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

/* The first survivors that min_keep protects: the place of the last of them, or of the first survivor. */
lk_key lk_chain_keep(lk_chain *c);
uint32_t lk_min_keep(const lk_sampler *s);

/* nucleus.c: is this token, one of the candidates, inside the pending top_p? */
bool lk_nucleus_holds(lk_chain *c, float z, uint32_t id);

/* draw.c: chooses c->token. */
int lk_draw(lk_chain *c);

extern const lk_stage_def lk_stage_mask, lk_stage_bias, lk_stage_penalties, lk_stage_temperature, lk_stage_top_k,
  lk_stage_top_p, lk_stage_min_p;

#endif
