/* logitkit: functions of a row. Part of logitkit.h, whose words, rows, numbers and statuses hold.
 * SPDX-License-Identifier: MIT */
#ifndef LK_FUNCTIONS_H
#define LK_FUNCTIONS_H

#include <stddef.h>
#include <stdint.h>

/* Bytes of scratch memory that any function here needs for rows of n logits; about 25 n. */
uint32_t lk_work_size(uint32_t n);

/* softmax of x / temperature. x: n logits; out: n probs, in place allowed. Two passes for temperatures in [1/4, 4]; one
 * more, for the maximum, in place and otherwise. temperature 0 shares all mass among the maxima, its limit; negative
 * inverts the order; +-INFINITY is uniform over the unmasked. -INFINITY has probability 0 under every temperature;
 * +INFINITY shares all mass for finite temperatures >= 0, and has 0 below unless nothing else is left. Relative error below
 * 5e-7 for every p >= 1e-9 and below 4e-6 down to 2^-126, for any temperature and any common offset; |sum - 1| below
 * 3e-7. LK_EMPTY, LK_NAN, LK_MASKED (nothing unmasked): x is unchanged, also in place; another out is undefined. */
int lk_softmax(float *x, uint32_t n, double temperature, float *out, void *work);

/* ln softmax(x / temperature), nats: -INFINITY where the probability is 0 (masked, or T = 0 and not a maximum).
 * Exact to 1 ulp of float32 plus 3e-7 relative also where p is near 1 or would underflow. Otherwise as lk_softmax. */
int lk_log_softmax(float *x, uint32_t n, double temperature, float *out, void *work);

/* *out = ln sum e^(x / temperature), nats, absolute error below 1e-6 + 2^-52 |x/temperature|; -INFINITY for a row that
 * is masked throughout (LK_OK). Defined for finite temperature != 0; for 0 and +-INFINITY it is the limit of the sum:
 * +INFINITY, -INFINITY or 0 for T = 0 by the sign of the maximum (ln of the number of maxima where it is 0), and ln of
 * the number of unmasked logits for T = +-INFINITY. LK_EMPTY, LK_NAN. */
int lk_logsumexp(float *x, uint32_t n, double temperature, double *out, void *work);

/* alpha-entmax of x / temperature: (g^a + a (x - max) / T)^(1/a) with a = alpha - 1 where that base is above 0, else
 * exactly 0; g such that they sum to 1. alpha > 1, finite; 2 is sparsemax, towards 1 it becomes softmax. Martins and Astudillo
 * 2016; Peters, Niculae, Martins 2019. Only tokens above max - T / a can have a probability, and only blocks that reach so
 * far are looked into. Limits, masks, aliasing and errors as lk_softmax; error below 1e-6 relative or 1e-7 absolute. */
int lk_entmax(float *x, uint32_t n, double alpha, double temperature, float *out, void *work);

/* One query of attention: out = softmax(q k^T scale + bias) v over m keys. q: d numbers; k: m x d and v: m x dv, row-major,
 * all finite; scale a finite float32 or smaller; bias: m numbers below +INFINITY, of which -INFINITY masks a key, or null;
 * out: dv numbers, apart from the others; work: dv + 1 doubles. v is read one float beyond its end where dv is odd. No
 * alignment is asked for but that of the numbers. Online softmax in float64, keys in ascending order; one pass over k and v.
 * LK_MASKED: no key is left (also m = 0), out is unchanged. Vaswani et al. 2017. */
int lk_attention(const float *q, const float *k, const float *v, uint32_t m, uint32_t d, uint32_t dv, double scale,
                 const float *bias, float *out, double *work);

/* *out = the id of the largest logit, the lowest among equals (-0 equals 0). LK_EMPTY, LK_NAN, LK_MASKED. */
int lk_argmax(float *x, uint32_t n, uint32_t *out, void *work);

/* The k largest logits, descending, among equals the lowest id first; masked ones are left out. ids and logits have
 * room for min(k, n). *count = how many there are. LK_EMPTY, LK_NAN; a masked row gives *count = 0. */
int lk_top_k(float *x, uint32_t n, uint32_t k, uint32_t *ids, float *logits, uint32_t *count, void *work);

/* weights[i] = e^-depth[i] for n depths in float64, below 2 ulp, and 0 beyond 708: for what float32 weights are too coarse
 * (differences of entropies, gradients). Depth: (max - x) / T, so 0 for `best`, whose weight is 1; INFINITY is masked.
 * Gives Z, the sum of the weights; sums[0] = ln Z, which keeps its digits where one weight is nearly all; sums[1] = the
 * mean depth, so that the entropy is ln Z + the mean. Room for n + 1 where n is odd; both aligned to 16. Sums have two
 * lanes (even, odd); in Z `best` comes last. One pass; weights may be depth. */
double lk_weigh(double *depth, uint32_t n, uint32_t best, double *weights, double *sums);

/* ln x for finite x > 0, below 2 ulp; -INFINITY for 0 and below, +INFINITY for +INFINITY. */
double lk_log(double x);

/* T for softmax in base b: b^(x/T) = e^(x / (T / ln b)). base 1 gives +INFINITY. base > 0. */
double lk_base_temperature(double temperature, double base);

/* NaNs among the n elements of dtype: *index = the first, *count = how many. */
void lk_find_nan(const void *x, uint32_t n, uint32_t dtype, uint32_t *index, uint32_t *count);

/* float16 or bfloat16 to float32, exact; NaN stays NaN. In place allowed: out may be x. */
void lk_widen(const void *x, uint32_t n, uint32_t dtype, float *out);

/* 1 if two pieces of memory hold the same bits, else 0. Reads both up to the first difference. Any alignment. */
int lk_same(const void *a, const void *b, uint32_t bytes);

#endif
