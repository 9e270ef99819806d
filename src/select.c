/* SPDX-License-Identifier: MIT
 *
 * Divide a row into parts: the k-th largest of their maxima is at or below the k-th largest logit, since k parts hold a
 * logit that large. So only blocks at or above that bound are looked into.
 */
#include "select.h"

#define INSERTION_MAX 128 /* up to here inserting into a sorted list beats collecting and sorting */

/* Radix sort: three passes of 11 bits, which swap the two. */
void lk_sort_pairs(lk_work *w, uint32_t count)
{
  LK_TALLY(w, sorted, count);
  uint32_t *h = w->histogram;
  for (uint32_t i = 0; i < 3 * 2048; i++) h[i] = 0;
  for (uint32_t i = 0; i < count; i++) {
    uint32_t key = w->pair[2 * i];
    h[key & 2047]++;
    h[2048 + (key >> 11 & 2047)]++;
    h[4096 + (key >> 22)]++;
  }
  for (int pass = 0; pass < 3; pass++, h += 2048) {
    uint32_t at = 0;
    if (count == 0 || h[w->pair[0] >> (11 * pass) & 2047] == count) continue;
    for (uint32_t i = 0; i < 2048; i++) {
      uint32_t c = h[i];
      h[i] = at;
      at += c;
    }
    uint32_t *from = w->pair, *to = w->swap;
    for (uint32_t i = 0; i < count; i++) {
      uint32_t slot = h[from[2 * i] >> (11 * pass) & 2047]++;
      to[2 * slot] = from[2 * i];
      to[2 * slot + 1] = from[2 * i + 1];
    }
    w->pair = to;
    w->swap = from;
  }
}

/* Keeps the k largest values in `list`, descending. Returns the new count. */
static uint32_t insert_value(float *list, uint32_t count, uint32_t k, float z)
{
  uint32_t j = count < k ? count : k - 1;
  for (; j > 0 && list[j - 1] < z; j--) list[j] = list[j - 1];
  list[j] = z;
  return count < k ? count + 1 : k;
}

/* The k-th largest of `count` values, a multiple of 4 and at least k; `list` has room for k. */
static float kth_largest(const float *values, uint32_t count, uint32_t k, float *list)
{
  uint32_t kept = 0;
  for (uint32_t i = 0; i < k; i++) kept = insert_value(list, kept, k, values[i]);
  for (uint32_t i = k & ~3u; i < count; i += 4) {
    v128_t least = wasm_f32x4_splat(list[k - 1]);
    uint32_t hits = wasm_i32x4_bitmask(wasm_f32x4_gt(wasm_v128_load(values + i), least));
    for (; hits; hits &= hits - 1) {
      uint32_t j = i + (uint32_t)__builtin_ctz(hits);
      if (j >= k && values[j] > list[k - 1]) insert_value(list, k, k, values[j]);
    }
  }
  return list[k - 1];
}

/* Maxima of parts of up to 16 blocks, into `parts`: four per 64 blocks, a lane each. Returns how many. */
static uint32_t maxima_of_parts(const lk_row *row, float *parts)
{
  uint32_t count = 0;
  for (uint32_t b = 0; b < row->blocks; count += 4) {
    uint32_t end = lk_min_u32(b + 64, row->blocks);
    v128_t m = wasm_v128_load(row->block_max + b);
    LK_ROLLED
    for (b += 4; b < end; b += 4) m = wasm_f32x4_pmax(m, wasm_v128_load(row->block_max + b));
    wasm_v128_store(parts + count, m);
  }
  return count;
}

/* A value that at least k logits reach, close to the k-th largest: as many parts of the row hold one. */
static float bound_of(const lk_row *row, uint32_t k, lk_work *w)
{
  float z;
  if (k >= row->blocks) return -LK_FLT_MAX;
  if (k > INSERTION_MAX) {
    for (uint32_t b = 0; b < row->blocks; b++) {
      w->pair[2 * b] = lk_sort_key(row->block_max[b]);
      w->pair[2 * b + 1] = b;
    }
    lk_sort_pairs(w, row->blocks);
    z = lk_pair_z(w, k - 1);
  } else {
    float *parts = (float *)w->weight; /* free: the draw's table comes later */
    uint32_t count = maxima_of_parts(row, parts);
    z = count >= 2 * k ? kth_largest(parts, count, k, w->list_e) : kth_largest(row->block_max, row->blocks, k, w->list_e);
  }
  return z > -LK_INF ? z : -LK_FLT_MAX;
}

/* The logits of block b that reach *bound go into the sorted list. Once it is full they must be above its last entry:
 * an equal one has a higher id. */
static uint32_t insert_block(const lk_row *row, uint32_t b, lk_key cut, uint32_t k, uint32_t count, float *bound, lk_work *w)
{
  _Alignas(16) float scratch[LK_BLOCK];
  const float *x = lk_row_block(row, b, scratch);
  LK_TALLY(row, read, LK_BLOCK);
  for (uint32_t i = 0; i < LK_BLOCK; i += 4) {
    uint32_t hits = wasm_i32x4_bitmask(wasm_f32x4_ge(wasm_v128_load(x + i), wasm_f32x4_splat(*bound)));
    for (; hits; hits &= hits - 1) {
      uint32_t j = i + (uint32_t)__builtin_ctz(hits), id = b * LK_BLOCK + j;
      float z = x[j];
      if (!(z >= *bound) || !lk_key_keeps(cut, z, id)) continue;
      uint32_t at = count < k ? count++ : k - 1;
      for (; at > 0 && w->list_z[at - 1] < z; at--) {
        w->list_z[at] = w->list_z[at - 1];
        w->list_id[at] = w->list_id[at - 1];
      }
      w->list_z[at] = z;
      w->list_id[at] = id;
      if (count == k) *bound = lk_above(w->list_z[k - 1]);
    }
  }
  return count;
}

static uint32_t insert_all(const lk_row *row, lk_key cut, uint32_t k, lk_work *w)
{
  float bound = bound_of(row, k, w);
  if (cut.z > bound) bound = cut.z;
  uint32_t count = 0;
  for (uint32_t b = 0; b < row->blocks; b += 4) {
    uint32_t hits = wasm_i32x4_bitmask(wasm_f32x4_ge(wasm_v128_load(row->block_max + b), wasm_f32x4_splat(bound)));
    for (; hits; hits &= hits - 1)
      count = insert_block(row, b + (uint32_t)__builtin_ctz(hits), cut, k, count, &bound, w);
  }
  return count;
}

uint32_t lk_select_pairs(const lk_row *row, lk_key cut, uint32_t k, lk_work *w)
{
  _Alignas(16) float scratch[LK_BLOCK];
  float bound = bound_of(row, k, w);
  if (cut.z > bound) bound = cut.z;
  uint32_t count = 0;
  for (uint32_t b = 0; b < row->blocks; b++) {
    if (row->block_max[b] < bound) continue;
    const float *x = lk_row_block(row, b, scratch);
    LK_TALLY(row, read, LK_BLOCK);
    for (uint32_t i = 0; i < LK_BLOCK; i++) {
      if (!(x[i] >= bound) || !lk_key_keeps(cut, x[i], b * LK_BLOCK + i)) continue;
      w->pair[2 * count] = lk_sort_key(x[i]);
      w->pair[2 * count + 1] = b * LK_BLOCK + i;
      count++;
    }
  }
  lk_sort_pairs(w, count);
  return lk_min_u32(count, k);
}

uint32_t lk_select_list(const lk_row *row, lk_key cut, uint32_t k, lk_work *w)
{
  if (k <= INSERTION_MAX) return insert_all(row, cut, k, w);
  uint32_t count = lk_select_pairs(row, cut, k, w);
  for (uint32_t i = 0; i < count; i++) {
    w->list_z[i] = lk_pair_z(w, i);
    w->list_id[i] = lk_pair_id(w, i);
  }
  return count;
}

lk_key lk_select_key(const lk_row *row, lk_key cut, uint32_t k, lk_work *w)
{
  if (k > row->n) return LK_KEY_ALL;
  if (k <= LK_LIST) {
    uint32_t count = lk_select_list(row, cut, k, w);
    return count < k ? LK_KEY_ALL : (lk_key){ w->list_z[k - 1], (int32_t)w->list_id[k - 1] };
  }
  uint32_t count = lk_select_pairs(row, cut, k, w);
  if (count < k) return LK_KEY_ALL;
  return (lk_key){ lk_pair_z(w, k - 1), (int32_t)lk_pair_id(w, k - 1) };
}
