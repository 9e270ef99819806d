/* The vectors that every target computes: rows from a small generator, results folded into a digest. tests/targets/
 * holds the same in plain JavaScript; both say "row", "fold" and the cases in the same words. */
#ifndef LK_VECTORS_H
#define LK_VECTORS_H

#include <stdint.h>

/* How many cases there are. */
uint32_t lk_vector_count(void);

/* 32 bits of FNV-1a over the bits of all results of one case. */
uint32_t lk_vectors(uint32_t which);

#endif
