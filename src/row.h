/* A row as the kernels see it: blocks of 64 float32 logits, whatever is stored.   SPDX-License-Identifier: MIT */
#ifndef LK_ROW_H
#define LK_ROW_H

#include "base.h"

/* What a call did, in a build with -DLK_COUNT: tests/tally/ holds the bounds. Kept in the scratch memory. */
typedef struct {
  uint32_t read;     /* logits read by loops over whole blocks, 16-bit and 32-bit alike */
  uint32_t exps;     /* exponentials, in lanes */
  uint32_t linear;   /* their linear estimates, in lanes */
  uint32_t uniforms; /* random numbers */
  uint32_t written;  /* logits written anew */
  uint32_t sorted;   /* pairs sorted */
} lk_tally;

#ifdef LK_COUNT
#define LK_TALLY(row, what, amount) ((row)->tally->what += (amount))
#else
#define LK_TALLY(row, what, amount) ((void)0)
#endif

/* Scratch memory, cut into pieces. */
typedef struct {
#ifdef LK_COUNT
  lk_tally *tally;    /* the first piece, so that a test finds it */
#endif
  float *block_max;   /* blocks */
  double *weight;     /* 64 groups: w_b of "The draw" */
  double *group;      /* groups (of 64 blocks): W_g */
  float *spare;       /* LK_PADDED(n): a row that a stage had to write anew */
  uint32_t *pair;     /* 2 LK_PADDED(n): (key, id), to be sorted */
  uint32_t *swap;     /* 2 LK_PADDED(n) */
  uint32_t *histogram; /* 3 * 2048 */
  float *list_z;      /* LK_LIST */
  uint32_t *list_id;  /* LK_LIST */
  float *list_e;      /* LK_LIST */
  float *token;       /* LK_PADDED(n): a number for each token, that outlasts stages and even a second chain */
} lk_work;

void lk_work_open(lk_work *w, void *memory, uint32_t n);

typedef struct {
#ifdef LK_COUNT
  lk_tally *tally;
#endif
  void *at;             /* n elements of dtype, padded with -INFINITY */
  uint32_t dtype;
  uint32_t n;
  uint32_t blocks;      /* of the padded row: a multiple of 4 */
  const uint32_t *mask; /* or null */
  uint32_t mask_words;
  float *block_max;     /* after lk_scan */
  float max;            /* after lk_scan */
} lk_row;

/* A row without a mask; lk_row_begin also cuts the scratch memory, for functions of a float32 row. */
void lk_row_begin(lk_row *row, float *x, uint32_t n, lk_work *w, void *work);
void lk_row_open(lk_row *row, void *x, uint32_t n, uint32_t dtype, lk_work *w);

/* -INFINITY into the room behind the n elements. */
void lk_row_pad(lk_row *row);

/* Pass 1: the maximum of each block and of the row; masked tokens count as -INFINITY. LK_EMPTY, or LK_NAN when any of
 * the n elements is NaN, masked or not. Writes the padding. */
int lk_scan(lk_row *row);

/* Its parts: 16-bit rows, no mask applied (scan16.c); then the mask; the maximum of the row from those of its blocks. */
int lk_scan16(lk_row *row);
void lk_scan_masked(lk_row *row);
void lk_scan_max(lk_row *row);

/* Word k of the mask, of which there is one. */
static inline uint32_t lk_row_word(const lk_row *row, uint32_t k) { return k < row->mask_words ? row->mask[k] : 0; }

/* Block b as 64 float32 logits with the mask applied: the row itself where it is float32 and unmasked, else `scratch`. */
const float *lk_row_convert(const lk_row *row, uint32_t b, float *scratch);

static inline const float *lk_row_block(const lk_row *row, uint32_t b, float *scratch)
{
  if (row->dtype == LK_F32 && !row->mask) return (const float *)row->at + (size_t)b * LK_BLOCK;
  return lk_row_convert(row, b, scratch);
}

/* The value of one logit, mask applied. */
float lk_row_at(const lk_row *row, uint32_t id);

/* A place in the descending order of logits. A token (z, i) is at or before it iff z > key.z, or z = key.z and
 * i <= key.id. */
typedef struct {
  float z;
  int32_t id;
} lk_key;

#define LK_KEY_ALL ((lk_key){ -LK_INF, INT32_MAX })

static inline bool lk_key_keeps(lk_key key, float z, uint32_t id)
{
  return z > key.z || (z == key.z && (int32_t)id <= key.id);
}

/* The later of two places keeps more: the earlier one is the intersection. */
static inline lk_key lk_key_first(lk_key a, lk_key b)
{
  return lk_key_keeps(b, a.z, (uint32_t)a.id) ? a : b;
}

#endif
