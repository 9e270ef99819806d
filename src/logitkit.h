/* logitkit: a model's logits become probabilities and tokens.   SPDX-License-Identifier: MIT
 *
 * Everything a caller may rely on stands here; the .c files only say why they compute as they do.
 *
 *     static _Alignas(16) float row[LK_PADDED(V)], probs[LK_PADDED(V)];
 *     fill(row, V);                                        // the model's logits, V of them
 *     if (lk_softmax(row, V, 0.8, probs) == LK_OK) ...     // probs[i] = e^(row[i]/0.8) / sum
 *
 *     lk_sampler s = { .temperature = 0.8, .top_k = 40, .top_p = 0.95, .min_p = 0.05, .min_keep = 1,
 *                      .repetition_penalty = 1, .seed = 42, .n = V, .row = row, .order = order,
 *                      .order_count = sizeof order };
 *     if (lk_sample(&s, work) == LK_OK) use(s.token);      // work: lk_work_size(V) bytes
 *
 * Words. logits: scores, any real number; -INFINITY is "masked" (can never be drawn). probs: >= 0, sum to 1.
 * logprobs: natural logarithms of probs; every logarithm and entropy is in nats. id: a position in the row.
 *
 * Rows. A row is an array of n elements in memory that has room for LK_PADDED(n) and is aligned to 16 bytes.
 * Functions write -INFINITY into the room behind the n elements of an input row, so no loop has a tail; the room
 * behind an output row is theirs to write as well. "in place" means that the output may be the input, and never
 * that the two may overlap otherwise. No function allocates and there is no global state: scratch memory is the
 * argument `work`, lk_work_size(n) bytes aligned to 16, and nothing in it needs to live between two calls.
 *
 * Numbers. IEEE arithmetic in the order written, never contracted or reassociated, so every target gives the same
 * bits. e^x is the header's lk_exp below: float32, relative error below 3e-7 (2.6 ulp; measured over the whole range
 * by tests/native/numerics.c), from an argument reduced with two constants. ln x is float64, below 2 ulp. What would
 * be smaller than 2^-126 is 0. Block sums are float32 in a fixed tree, everything across blocks is float64 in a fixed
 * order (see "Mass").
 *
 * Bad input never traps and never leaves a changed row: the functions return a status.
 */
#ifndef LOGITKIT_H
#define LOGITKIT_H

#include <stddef.h>
#include <stdint.h>

enum lk_status {
  LK_OK = 0,
  LK_NAN = 1,    /* the row holds NaN: lk_find_nan tells where */
  LK_EMPTY = 2,  /* n is 0 */
  LK_MASKED = 3, /* no token is left that could be drawn */
  LK_FULL = 4    /* the table handed in is too small */
};

/* How the elements of a sampler's row are stored. 16-bit rows give exactly the token of their float32 values. */
enum lk_dtype { LK_F32 = 0, LK_F16 = 1, LK_BF16 = 2 };

/* Stages by number, in the default order ('logitkit'). js/options.js names them; lk_sampler.order lists them. */
enum lk_stage {
  LK_STAGE_MASK = 0,
  LK_STAGE_BIAS = 1,
  LK_STAGE_PENALTIES = 2,
  LK_STAGE_TEMPERATURE = 3,
  LK_STAGE_TOP_K = 4,
  LK_STAGE_TOP_P = 5,
  LK_STAGE_MIN_P = 6,
  LK_STAGE_COUNT = 7
};

/* What a random number is for: part of its address, so that no number is ever used twice. */
enum lk_purpose { LK_PURPOSE_DRAW = 0 };

#define LK_BLOCK 64        /* logits that share one maximum */
#define LK_PAD 256         /* rows are padded to a multiple of this (four blocks) */
#define LK_LIST 1024       /* a top-k up to this is a list: the truncated regime of "The draw" */
#define LK_MAX_VOCAB 16777216 /* ids stay exact in float32 and 31-bit arithmetic stays safe */
#define LK_PADDED(n) (((n) + (LK_PAD - 1)) & ~(LK_PAD - 1))

/* A pointer that takes 8 bytes on every target, so that a struct has one layout for wasm, native and JavaScript. */
#define LK_PTR(type) union { type *at; uint64_t word; }

/* ------------------------------------------------------------------------------------------ functions of a row */

/* Bytes of scratch memory that any function here needs for rows of n logits; about 21 n. */
uint32_t lk_work_size(uint32_t n);

/* softmax of x / temperature. x: n logits; out: n probs, in place allowed. Two passes for temperatures in [1/4, 4]; one
 * more, for the maximum, in place and otherwise. temperature 0 shares all mass among the maxima, its limit; negative
 * inverts the order; +-INFINITY is uniform over the unmasked. -INFINITY has probability 0 under every temperature;
 * +INFINITY shares all mass for temperature >= 0, and has 0 below unless nothing else is left. Relative error below
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

/* *out = the id of the largest logit, the lowest among equals (-0 equals 0). LK_EMPTY, LK_NAN, LK_MASKED. */
int lk_argmax(float *x, uint32_t n, uint32_t *out, void *work);

/* The k largest logits, descending, among equals the lowest id first; masked ones are left out. ids and logits have
 * room for min(k, n). *count = how many there are. LK_EMPTY, LK_NAN; a masked row gives *count = 0. */
int lk_top_k(float *x, uint32_t n, uint32_t k, uint32_t *ids, float *logits, uint32_t *count, void *work);

/* T for softmax in base b: b^(x/T) = e^(x / (T / ln b)). base 1 gives +INFINITY. base > 0. */
double lk_base_temperature(double temperature, double base);

/* NaNs among the n elements of dtype: *index = the first, *count = how many. */
void lk_find_nan(const void *x, uint32_t n, uint32_t dtype, uint32_t *index, uint32_t *count);

/* float16 or bfloat16 to float32, exact; NaN stays NaN. In place allowed: out may be x. */
void lk_widen(const void *x, uint32_t n, uint32_t dtype, float *out);

/* --------------------------------------------------------------------------------------------------- randomness */

/* The uniform number in [0, 1) with this address; 53 bits. Philox4x32-10 (Salmon, Moraes, Dror, Shaw 2011): key =
 * seed (low word, high word); counter = (position low, purpose << 24 | position high, stream, block). A block has the
 * words r0..r3 and makes two uniforms: index 2 block is ((r1 * 2^32 + r0) >> 11) * 2^-53, index 2 block + 1 the
 * same of r3, r2. position < 2^53. */
double lk_uniform(uint64_t seed, uint64_t position, uint32_t purpose, uint32_t stream, uint32_t index);

/* ------------------------------------------------------------------------------------------------------- history */

/* How often each token was seen, for the penalties: a hash table that the caller owns and that never grows by itself.
 * Memory: lk_counts_size(slots) bytes aligned to 8; slots = distinct tokens it can hold, up to 2^26. */
typedef struct lk_counts lk_counts;
uint32_t lk_counts_size(uint32_t slots);
void lk_counts_init(lk_counts *counts, uint32_t slots);
/* Adds `all` and `output` (+1, -1 or 0) to the two counts of a token: one in the window of repetition_scope 'all', one
 * of tokens that the model produced. LK_FULL when a new token has no slot: nothing is changed. O(1). */
int lk_counts_add(lk_counts *counts, uint32_t token, int32_t all, int32_t output);
/* Adds every count of one table to another. LK_FULL as above. */
int lk_counts_merge(lk_counts *into, const lk_counts *from);

/* ------------------------------------------------------------------------------------------------- the sampler */

/* One step of one sequence: what lk_sample reads, and its result. Fields are 8 bytes each; JavaScript writes them by
 * offsets that the build reads off this declaration. Values outside the stated intervals are the caller's fault.
 * Neutral values (which switch a stage off) stand in parentheses. */
/* abi */
typedef struct {
  double temperature;         /* (1) any real or +-INFINITY; 0 is greedy */
  double top_k;               /* (0) an integer >= 0 */
  double top_p;               /* (1) [0, 1]; 0 keeps one */
  double min_p;               /* (0) [0, 1] */
  double min_keep;            /* (1) an integer >= 1: no truncation leaves fewer, unless it got fewer */
  double repetition_penalty;  /* (1) > 0, finite, and 1/r finite in float32 */
  double frequency_penalty;   /* (0) finite, nats per occurrence */
  double presence_penalty;    /* (0) finite, nats */
  double repetition_output;   /* 0: counts of all tokens, 1: of output tokens (repetition_scope) */
  double frequency_output;    /* the same for frequency and presence (frequency_scope) */
  double llama_temperature;   /* 1: llama.cpp's rules: T < 0 is greedy, and T and x / T are rounded to float32 */
  uint64_t seed;
  uint64_t position;          /* < 2^53: output tokens since the start */
  uint64_t stream;            /* < 2^32 */
  uint64_t n;                 /* [1, LK_MAX_VOCAB] */
  uint64_t dtype;             /* enum lk_dtype */
  LK_PTR(void) row;           /* n elements of dtype, room for LK_PADDED(n) */
  LK_PTR(const uint32_t) mask; /* a bit for each token, bit v & 31 of word v >> 5, 1 = allowed; null: all are */
  uint64_t mask_words;        /* tokens behind the last word are banned; at most (n + 31) / 32 */
  LK_PTR(const uint32_t) bias_ids; /* ascending, distinct, < n */
  LK_PTR(const float) bias;   /* added to those logits; -INFINITY bans; never +INFINITY or NaN */
  LK_PTR(float) bias_saved;   /* room for bias_count: the overlaid logits while a call runs */
  uint64_t bias_count;
  LK_PTR(lk_counts) counts;   /* null: nothing was seen */
  LK_PTR(const uint8_t) order; /* stages (enum lk_stage), each at most once, in the order they act */
  uint64_t order_count;
  uint64_t token;             /* result of lk_sample */
  uint64_t kept;              /* result of lk_distribution: how many tokens can be drawn */
} lk_sampler;

/* The chain. Every stage sees the survivors of the one before, renormalised; survivors stand in descending order of
 * their logit, the lower id first among equals (IEEE equality). A stage with a neutral value changes no bit. The row,
 * overlaid by mask, bias and penalties, is restored before the function returns.
 *   mask        tokens whose bit is 0 become -INFINITY.
 *   bias        x + b.
 *   penalties   for each distinct token seen c times (c > 0): x > 0 ? x / r : x r, then minus c f + q. Keskar et al.
 *               2019 (CTRL) for r; OpenAI's API for f and q. Float64, rounded once, finite stays finite.
 *   temperature weights become e^(x/T). T = 0, also any T whose 1/T is not finite in float32: the first survivor is
 *               the token, later stages are skipped and no randomness is used. T < 0: x becomes -x and T becomes |T|,
 *               so that survivors are ranked anew; +INFINITY leaves unless alone. T = INFINITY: all survivors weigh
 *               the same, in the order they had.
 *   top_k       the first k.
 *   top_p       those before which less than top_p of the mass stands: the one that crosses stays, and so does the
 *               first. Holtzman et al. 2019.
 *   min_p       those with x >= max + T ln(min_p), in float64. Nguyen et al. 2024.
 * top_p and min_p keep the first min(min_keep, survivors), whatever else they say; so does top_k.
 *
 * Mass. The mass of a set of tokens is the sum of lk_exp over it, in ascending id, in four float64 lanes (lane = id
 * mod 4), to which each block of 64 adds a float32: the block's 16 values of that lane, the ones outside the set being
 * 0, as ((v0+v4+v8+v12) + (v1+v5+v9+v13)) + ((v2+v6+v10+v14) + (v3+v7+v11+v15)), each parenthesis from the left. At
 * last (lane 0 + lane 2) + (lane 1 + lane 3).
 *
 * The draw. Two regimes, chosen by options alone.
 *   Truncated (top_k >= 1 is in the order, and neither it nor min_keep exceeds LK_LIST): survivors are a sorted list
 *   from top_k on. c_i = the float64 running sum of lk_exp in list order; u = uniform 0; the token is the first with
 *   c_i > u c_last. In top_p the mass before a survivor is that running sum.
 *   Whole row (otherwise): u = uniform 0, 1, 2, ... by the following, which is rejection sampling and therefore exact.
 *   1. Each block b that holds a candidate gets the weight w_b = 65 lk_exp(the block's largest logit), which is above
 *      the sum of its 64; other blocks 0. A group g of 64 blocks has W_g = (s0 + s2) + (s1 + s3) with s_j the
 *      sum, from the left, of its w_b with b mod 4 = j; W = the sum of all W_g from the left. All in float64.
 *      Then each block whose w_b is above W / 64 gets w_b = its c_last (see 3), and the sums are made anew.
 *   2. v = u W for the next u. Going over the groups, v -= W_g while v >= W_g; then over that group's blocks, v -= w_b
 *      while v >= w_b. (If rounding leads past the last block, the last with a weight is taken, and v = half of it.)
 *   3. The block's candidates have the float64 running sums c_i of lk_exp in ascending id. v < c_last: the token is the
 *      first with c_i > v. Otherwise w_b = c_last, the group and W are summed anew, and it goes on with 2.
 *   4. Where top_p acts on the row: let A = the mass of the candidates before the token, as top_p found them, and Z
 *      the mass of all of those. A = 0 or A < top_p Z: it is the token. Otherwise it and all behind it stop being
 *      candidates, and it goes on with 1. (A stage behind top_p that ranks, edits or counts the survivors, which are
 *      all but min_p and an ordinary temperature, makes the set final there and then: the tokens for which this holds.)
 */

/* Bytes of scratch for a row of n: lk_work_size. s->token = the next token. One pass over the row, then a few blocks;
 * more where top_p needs the whole mass. LK_EMPTY, LK_NAN, LK_MASKED: s->token is unchanged. */
int lk_sample(lk_sampler *s, void *work);

/* The law of the token that lk_sample would give: the first `top` survivors, descending, and their probabilities
 * (float32, relative to all survivors). ids, probs: room for min(top, n). s->kept = how many survive in all.
 * Errors as lk_sample. */
int lk_distribution(lk_sampler *s, uint32_t top, uint32_t *ids, float *probs, void *work);

#endif
