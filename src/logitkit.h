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

#include "functions.h"

enum lk_status {
  LK_OK = 0,
  LK_NAN = 1,    /* the row holds NaN: lk_find_nan tells where */
  LK_EMPTY = 2,  /* n is 0 */
  LK_MASKED = 3, /* no token is left that could be drawn */
  LK_FULL = 4    /* the table handed in is too small */
};

/* How the elements of a sampler's row are stored. 16-bit rows give exactly the token of their float32 values. */
enum lk_dtype { LK_F32 = 0, LK_F16 = 1, LK_BF16 = 2 };

/* Stages by number, in the default order ('logitkit'). js/order.js names them; lk_sampler.order lists them. */
enum lk_stage {
  LK_STAGE_MASK = 0,
  LK_STAGE_SUPPRESS = 1,
  LK_STAGE_MIN_TOKENS = 2,
  LK_STAGE_FORCED = 3,
  LK_STAGE_BAD_WORDS = 4,
  LK_STAGE_NO_REPEAT_NGRAM = 5,
  LK_STAGE_BIAS = 6,
  LK_STAGE_LENGTH_PENALTY = 7,
  LK_STAGE_PENALTIES = 8,
  LK_STAGE_DRY = 9,
  LK_STAGE_TEMPERATURE = 10,
  LK_STAGE_SMOOTHING = 11,
  LK_STAGE_TOP_K = 12,
  LK_STAGE_TOP_P = 13,
  LK_STAGE_MIN_P = 14,
  LK_STAGE_TOP_N_SIGMA = 15,
  LK_STAGE_EPSILON = 16,
  LK_STAGE_ETA = 17,
  LK_STAGE_TOP_A = 18,
  LK_STAGE_TAIL_FREE = 19,
  LK_STAGE_TOP_H = 20,
  LK_STAGE_FIRST_TOKEN = 21,
  LK_STAGE_P_LESS = 22,
  LK_STAGE_TYPICAL = 23,
  LK_STAGE_SKEW = 24,
  LK_STAGE_XTC = 25,
  LK_STAGE_MIROSTAT = 26,
  LK_STAGE_ADAPTIVE = 27,
  LK_STAGE_COUNT = 28
};

/* What a random number is for: part of its address, so that no number is ever used twice. ACCEPT: of a draft; RESIDUAL: the
 * token in its place; WITHOUT: drawing without replacement, by token; GUMBEL: by token; KEY: seeds of further draws. */
enum lk_purpose { LK_PURPOSE_DRAW = 0, LK_PURPOSE_XTC = 1, LK_PURPOSE_ACCEPT = 2, LK_PURPOSE_RESIDUAL = 3,
                  LK_PURPOSE_WITHOUT = 4, LK_PURPOSE_GUMBEL = 5, LK_PURPOSE_KEY = 6 };

/* What the draw makes of the survivors' logits (lk_sampler.transform). */
enum lk_transform { LK_SOFTMAX = 0, LK_SPARSEMAX = 1, LK_ENTMAX15 = 2 };
enum lk_method { LK_EXACT = 0, LK_GUMBEL = 1 }; /* how it chooses (lk_sampler.method) */

/* How engines differ (lk_sampler.rules), as bits. 0: as "The chain" has it.
 *   TIES             top_k and typical keep whatever equals the last that they keep; top_k's survivors are then never a
 *                    list ("The draw"). vLLM's and Hugging Face's.
 *   SHARED_PEAK      0 <= T <= 1e-5 is no greedy choice: the maxima share the mass and later stages act. WebLLM's.
 *   REPETITION_LAST  the repetition penalty comes after the other two, on what they left. WebLLM's.
 *   XTC_ABOVE        xtc takes p > xtc_threshold, and what equals the last of them stays with it. MLX's.
 *   BARE_TOP_K       top_k and top_n_sigma know no min_keep. llama.cpp's. */
enum lk_rule {
  LK_RULE_TIES = 1,
  LK_RULE_SHARED_PEAK = 2,
  LK_RULE_REPETITION_LAST = 4,
  LK_RULE_XTC_ABOVE = 8,
  LK_RULE_BARE_TOP_K = 16
};

#define LK_BLOCK 64        /* logits that share one maximum */
#define LK_PAD 256         /* rows are padded to a multiple of this (four blocks) */
#define LK_LIST 1024       /* a top-k up to this is a list: the truncated regime of "The draw" */
#define LK_STATE 3         /* numbers that mirostat and adaptive have learned from the tokens so far */
#define LK_MAX_VOCAB 16777216 /* ids stay exact in float32 and 31-bit arithmetic stays safe */
#define LK_ENTRY 12        /* bytes of an lk_entry */
#define LK_COUNTS_HEAD 16  /* bytes of an lk_counts before its entries; word 1 of them says how many there are */
#define LK_COUNTED 16      /* bytes of an entry: words token, all, output, reserved */
#define LK_PADDED(n) (((n) + (LK_PAD - 1)) & ~(LK_PAD - 1))

/* A pointer that takes 8 bytes on every target, so that a struct has one layout for wasm, native and JavaScript. */
#define LK_PTR(type) union { type *at; uint64_t word; }

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

/* A token whose logit a stage changes; 12 bytes. A list of them is in any order, and may name a token twice. */
typedef struct {
  uint32_t token;  /* < n */
  uint32_t length; /* for dry: how many tokens of the history's end stand before an earlier occurrence of this one */
  float saved;     /* the core's: the logit that is overlaid while a call runs */
} lk_entry;

/* One step of one sequence: what lk_sample reads, and its result. Fields are 8 bytes each; JavaScript writes them by
 * offsets that the build reads off this declaration. Values outside the stated intervals are the caller's fault.
 * Neutral values (which switch a stage off) stand in parentheses. */
/* abi */
typedef struct {
  double temperature;         /* (1) any real or +-INFINITY; 0 is greedy */
  double top_k;               /* (0) an integer >= 0 */
  double top_p;               /* (1) [0, 1]; 0 keeps one */
  double min_p;               /* (0) [0, 1] */
  double dynatemp_range;      /* (0) [0, largest float32]: how far the temperature may move either way */
  double dynatemp_exponent;   /* 1: [0, largest float32] */
  double smoothing_factor;    /* (0) [0, largest float32] */
  double smoothing_curve;     /* 1: [1, largest float32] */
  double top_n_sigma;         /* (0) >= 0, finite */
  double epsilon_cutoff;      /* (0) [0, 1] */
  double eta_cutoff;          /* (0) [0, 1] */
  double top_a;               /* (0) [0, 1] */
  double tail_free;           /* (1) [0, 1] */
  double top_h;               /* (0) [0, 1] */
  double first_token_cutoff;  /* (1) [0, 1] */
  double p_less;              /* (0) 0 or 1 */
  double typical_p;           /* (1) [0, 1] */
  double skew;                /* (0) [-10, 10] */
  double xtc_probability;     /* (0) [0, 1] */
  double xtc_threshold;       /* 0.1: [0, 1]; above 0.5 there are no two such tokens, and nothing happens */
  double mirostat;            /* (0) 0, 1 or 2: the version */
  double mirostat_tau;        /* 5: bits, >= 0, finite */
  double mirostat_eta;        /* 0.1: >= 0, finite */
  double adaptive_target;     /* (-1) below 0 off, else [0, 1] */
  double adaptive_decay;      /* 0.9: [0, 0.99] */
  double transform;           /* (0) enum lk_transform */
  double method;              /* (0) enum lk_method */
  double min_keep;            /* (1) an integer >= 1: no truncation leaves fewer, unless it got fewer */
  double repetition_penalty;  /* (1) > 0, finite, and 1/r finite in float32 */
  double frequency_penalty;   /* (0) finite, nats per occurrence */
  double presence_penalty;    /* (0) finite, nats */
  double repetition_output;   /* 0: counts of all tokens, 1: of output tokens (repetition_scope) */
  double frequency_output;    /* the same for frequency and presence (frequency_scope) */
  double llama_temperature;   /* 1: llama.cpp's rules: T < 0 is greedy, and T and x / T are rounded to float32 */
  uint64_t rules;             /* enum lk_rule */
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
  LK_PTR(const uint32_t) allowed; /* allowed_tokens, in the form of mask; null: all are */
  uint64_t allowed_words;
  LK_PTR(uint32_t) mask_room; /* (n + 31) / 32 words, where allowed or forced is given: masks are joined here */
  LK_PTR(lk_entry) suppressed; /* suppress_tokens */
  uint64_t suppressed_count;
  double min_tokens;          /* (0) an integer >= 0 */
  LK_PTR(lk_entry) eos;       /* eos_tokens, what min_tokens bans */
  uint64_t eos_count;
  uint64_t forced;            /* (0) 1 + the only token that may come at this position */
  LK_PTR(lk_entry) bad_words; /* the last tokens of the bad words whose other tokens the history ends with */
  uint64_t bad_words_count;
  LK_PTR(lk_entry) ngrams;    /* what would complete an n-gram that the history has */
  uint64_t ngrams_count;
  double length_start;        /* (INFINITY) an integer >= 0: output tokens that are free */
  double length_factor;       /* 1: >= 0, finite */
  LK_PTR(lk_entry) ends;      /* eos_tokens once more, as both stages may act */
  uint64_t ends_count;
  double dry_multiplier;      /* (0) finite, nats */
  double dry_base;            /* 1.75: >= 1, finite */
  double dry_allowed_length;  /* 2: an integer >= 0 */
  LK_PTR(lk_entry) repeats;   /* for dry: tokens with their lengths, none below dry_allowed_length */
  uint64_t repeats_count;
  LK_PTR(lk_counts) counts;   /* null: nothing was seen */
  double mirostat_mu;         /* the state, LK_STATE numbers from here on. Bits; NaN: no token yet */
  double adaptive_sum;        /* of the probabilities of chosen tokens, each next one weighed adaptive_decay less */
  double adaptive_weight;     /* of those weights; NaN: no token yet */
  uint64_t given;             /* (0) 1 + the token that lk_sample takes instead of drawing one */
  LK_PTR(const uint8_t) order; /* stages (enum lk_stage), each at most once, in the order they act */
  uint64_t order_count;
  uint64_t token;             /* result of lk_sample */
  double probability;         /* result of lk_sample: that of a given token, xtc being as its uniform says */
  double mirostat_next;       /* result of lk_sample, LK_STATE numbers: the state after its token */
  double adaptive_sum_next;
  double adaptive_weight_next;
  uint64_t kept;              /* result of lk_distribution: how many tokens can be drawn */
  uint64_t stage;             /* with LK_MASKED: the stage that left nothing, LK_STAGE_COUNT if the row had nothing */
} lk_sampler;

/* The chain. Every stage sees the survivors of the one before, renormalised; survivors stand in descending order of
 * their logit, the lower id first among equals (IEEE equality). A stage with a neutral value changes no bit. The row,
 * overlaid by mask, bias and penalties, is restored before the function returns.
 *   mask        tokens whose bit is 0 become -INFINITY.
 *   suppress    the tokens of `suppressed`, and all that `allowed` does not hold, become -INFINITY.
 *   min_tokens  the end tokens become -INFINITY while position < min_tokens. vLLM, Hugging Face.
 *   forced      all but that one token become -INFINITY. It keeps its logit: what was masked before stays so.
 *   bad_words   the tokens listed become -INFINITY. Hugging Face.
 *   no_repeat_ngram  likewise. Paulus, Xiong, Socher 2017; Hugging Face.
 *   bias        x + b.
 *   length_penalty  with d = position - length_start > 0: x + |x| (length_factor^d - 1) for the end tokens, so a factor
 *               above 1 raises them. Hugging Face's exponential decay length penalty. Float64, rounded once.
 *   penalties   for each distinct token seen c times (c > 0): x > 0 ? x / r : x r, then minus c f + q. Keskar et al.
 *               2019 (CTRL) for r; OpenAI's API for f and q. Float64, rounded once, finite stays finite.
 *   dry         x - dry_multiplier dry_base^e for the tokens of `repeats`, e = the longest length of the token -
 *               dry_allowed_length, at most 88.7228391 / ln dry_base rounded down (where dry_base > 1.000001). Float64,
 *               rounded once, finite stays finite. p-e-w 2024, "Don't Repeat Yourself"; llama.cpp's rule.
 *   temperature weights become e^(x/T). T = 0, also any T whose 1/T is not finite in float32: the first survivor is
 *               the token, later stages are skipped and no randomness is used. T < 0: x becomes -x and T becomes |T|,
 *               so that survivors are ranked anew; +INFINITY leaves unless alone. T = INFINITY: all survivors weigh
 *               the same, in the order they had.
 *   temperature with dynatemp_range r > 0: T becomes T0 + (T1 - T0) (H / ln n)^dynatemp_exponent, T0 = max(0, T - r),
 *               T1 = T + r, H the survivors' entropy and n their number, before the stage; with n = 1 nothing changes. T = 0
 *               stays greedy, infinite T stays, T < 0 keeps its sign and |T| is what moves. llama.cpp's temp_ext; its
 *               rules: T <= 0 moves, too, and n counts what top_n_sigma or a bias banned before any truncation.
 *   smoothing   x becomes max/T - (3-c)/2 f d^2 + (c-1)/2 f d^3 with d = (x - max)/T, f = smoothing_factor, c =
 *               smoothing_curve; then T is 1. Float64, rounded once, finite stays finite; survivors are ranked anew (c > 3
 *               can change their order). kalomaze's quadratic sampling, in text-generation-webui.
 *   top_k       the first k.
 *   top_p       those before which less than top_p (1 - 2^-21) of the mass stands: the one that crosses stays, and so does
 *               the first. What float32 weights and their sums are off by is less than 2^-21 of the mass, so one that
 *               reaches top_p exactly lets nothing further in. Holtzman et al. 2019.
 *   min_p       those with x >= max + T ln(min_p), in float64. Nguyen et al. 2024.
 *   top_n_sigma those with x >= max - n sigma, sigma the population standard deviation of the survivors' logits, whatever T;
 *               with +INFINITY among them those alone. Tang et al. 2024 (top-n sigma).
 *   epsilon     those with p >= epsilon. Hewitt, Manning, Liang 2022.
 *   eta         those with p >= min(eta, sqrt(eta) e^-H), H the survivors' entropy. The same.
 *   top_a       those with p >= a p_max^2. Kobold AI.
 *   tail_free   with p_0 >= p_1 >= ... the survivors' probabilities, D_i = |p_i - 2 p_(i+1) + p_(i+2)| and C_i = D_0 + ...
 *               + D_i: the first, and i + 1 as long as C_i <= tail_free C_last. Nothing with fewer than 3 survivors or where
 *               every D is 0. Phoenix and Egan 2019, centred as in text-generation-webui.
 *   top_h       the first 100 survivors are renormalised to q; the first, and further ones as long as the sum of -q ln q up to
 *               and including them is <= top_h times the sum of all 100. Potraghloo et al. 2025; Hugging Face.
 *   first_token those with 1 - p / p_max <= first_token_cutoff: x >= max + T ln(1 - cutoff). antirez 2024, "First Token
 *               Cutoff LLM sampling"; the pick is weighted, as his text has it.
 *   p_less      those with p >= the sum of all p^2. Tan et al. 2025 (p-less sampling).
 *   typical     in ascending |-ln p - H|, which is |x - mean|/T with mean = the survivors' logits weighed by p; |x - mean| is
 *               rounded to float32, and survivors' order holds among equals: those before which less than typical_p of the
 *               mass stands, so the one that crosses stays. Meister, Pimentel, Wiher, Cotterell 2022.
 *   skew        with c_i the mass up to and including survivor i as a share of all: p_i becomes c_i^k - c_(i-1)^k, k =
 *               e^skew. x becomes its logarithm, rounded to float32, and T is 1; survivors are ranked anew. exllamav2.
 *   xtc         exclude top choices. Acts iff uniform 0 of purpose XTC is below xtc_probability; otherwise nothing is
 *               excluded, though a top_p before it is final all the same. Of the survivors with p >= xtc_threshold all but
 *               the last leave, if there are two or more and no fewer than min_keep would remain; else nothing happens.
 *               p-e-w 2024; llama.cpp.
 *   mirostat    steers the surprise -log2 p of the drawn tokens towards tau bits; mu is 2 tau at first. Version 2: those with
 *               -log2 p <= mu. Version 1: the first k, k the integer part of (e 2^mu / (1 - n^-e))^(1/s), e = s - 1, with s
 *               fitted to the first 100 survivors: the sum of t_i b_i over that of t_i^2, t_i = ln((i+2)/(i+1)), b_i = ln
 *               p_i/p_(i+1), i from 0; with s = 0 all where the base is 1 or more, else one; nothing happens to a single
 *               survivor. Either way one stays, whatever min_keep says. Then, with p the probability with which the token
 *               was drawn, mu becomes mu - eta (-log2 p - tau). Basu et al. 2021; llama.cpp. No stage but an idle adaptive
 *               may follow.
 *   adaptive    makes those the likeliest whose p is near t = 2 target - sum/weight, cut to [0, 1], so that the average p of
 *               the drawn tokens comes to target: with d = |p - t| / 0.3, x becomes -10 d^2 / (1 + d), rounded to float32, and
 *               T is 1; survivors are ranked anew. At first weight = 1/(1 - decay), sum = target/(1 - decay). After a token
 *               of this p (rounded to float32), sum becomes p + decay sum, weight 1 + decay weight. llama.cpp's adaptive-p,
 *               but for a common offset of 5. No stage may follow, other than an idle mirostat.
 * mirostat's and adaptive's numbers change only by a token that they had a part in: not with T = 0.
 * Every truncation keeps the first min(min_keep, survivors), whatever else it says, typical those that come first in its
 * own order; top_h's 100 is no bound to that. Where a filter is a threshold, it is never above the maximum: what is as
 * likely as the likeliest stays. What xtc and mirostat 2 compare p with counts as p_max where the two differ by a factor
 * within 1 +- 2^-20: n equal logits have p = 1/n. p is e^(x/T) / Z over the survivors, Z their mass; with T = INFINITY
 * all are equal, and no threshold in p or in x/T removes any.
 * At the draw, `transform` says what makes probabilities of the survivors' y = x/T: SOFTMAX, e^y / Z; SPARSEMAX, max(y -
 * t, 0); ENTMAX15, max(y/2 - t, 0)^2; t such that they sum to 1 (Martins and Astudillo 2016; Peters, Niculae, Martins
 * 2019). x becomes the logarithm of that, rounded to float32, and T is 1; what has 0 leaves.
 *
 * Mass. The mass of a set of tokens is the sum of lk_exp over it, in ascending id, in four float64 lanes (lane = id
 * mod 4), to which each block of 64 adds a float32: the block's 16 values of that lane, the ones outside the set being
 * 0, as ((v0+v4+v8+v12) + (v1+v5+v9+v13)) + ((v2+v6+v10+v14) + (v3+v7+v11+v15)), each parenthesis from the left. At
 * last (lane 0 + lane 2) + (lane 1 + lane 3).
 *
 * The draw. With method GUMBEL the token is the survivor, after `transform`, with the greatest (x - max)/T + g, max being
 * the greatest x of them, the lowest id among equals: g = -ln(-ln u), u = uniform number <id> of purpose GUMBEL, or
 * 2^-53 where that is 0. All in float64. The law is the same, and a token meets the same noise under all settings
 * (Gumbel 1954; Maddison, Tarlow, Minka 2014; as vLLM's kernel does). With method EXACT two regimes, chosen by options:
 *   Truncated (top_k >= 1 is in the order, neither it nor a min_keep that it knows exceeds LK_LIST, and rules lack
 *   TIES): survivors are a sorted list from top_k on. c_i = the float64 running sum of lk_exp in list order; u =
 *   uniform 0; the token is the first with c_i > u c_last. In top_p the mass before a survivor is that running sum.
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
 *      the mass of all of those. A = 0 or A < top_p (1 - 2^-21) Z: it is the token. Otherwise it and all behind it stop
 *      being candidates, and it goes on with 1. (A stage behind top_p that ranks, edits or counts the survivors, which are
 *      all but min_p, first_token and an ordinary temperature without dynatemp, makes the set final there and then: the
 *      tokens for which this holds. So does a transform.)
 */

/* Bytes of scratch for a row of n: lk_work_size. s->token = the next token. One pass over the row, then a few blocks;
 * more where top_p needs the whole mass, or GUMBEL all tokens. LK_EMPTY, LK_NAN, LK_MASKED: s->token is unchanged. */
int lk_sample(lk_sampler *s, void *work);

/* The law of the token that lk_sample would give: the first `top` survivors, descending, and their probabilities
 * (float32, relative to all survivors). ids, probs: room for min(top, n). s->kept = how many survive in all. Where xtc
 * acts by chance, the law is that of the whole chain with it, times xtc_probability, plus that of the chain without it,
 * times the rest: then ids descend by probability, the lower id first among equals. Nothing that s holds but kept changes.
 * Errors as lk_sample; where one of those two chains ends in one (a stage behind xtc bans what xtc left), that one. */
int lk_distribution(lk_sampler *s, uint32_t top, uint32_t *ids, float *probs, void *work);

/* abi */
typedef struct { /* What a stage of the chain left. */
  uint64_t stage; /* enum lk_stage; LK_STAGE_COUNT: what entered (the first record), or the draw with its transform */
  double kept;    /* tokens that can be drawn if nothing follows: survivors, but beside +INFINITY only its equals */
  double mass;    /* the share that they had of the mass before the stage, [0, 1] up to rounding; 1 for the first */
  double cutoff;  /* their lowest logit, as the stages have made it: negated by T < 0, a logarithm by skew, and (x - max) / T
                     where +INFINITY is among them or T is outside [2^-90, 2^90] */
  double entropy; /* nats, under the temperature of now */
} lk_record;

/* The chain of lk_sample, stage by stage, without a draw: records has room for LK_STAGE_COUNT + 2, s->kept = how many were
 * written. The first is of the row as it is, then comes one for each active stage in its order, up to a greedy temperature,
 * and one for a transform other than softmax. xtc acts as its random number says. Nothing that s holds but kept and stage changes.
 * records may be null: then all that it does is to set `stage` as lk_sample does. For each record the stages up to it act
 * once more, and two passes go over the blocks that hold survivors. Errors as lk_sample. */
int lk_trace(lk_sampler *s, lk_record *records, void *work);

#endif
