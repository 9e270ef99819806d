/* Stages that ban listed tokens: suppress, minTokens, badWords, noRepeatNgram.   SPDX-License-Identifier: MIT */
#include "overlay.h"

#define STAGE(name, number, list, condition)                                                           \
  static bool name##_active(const lk_sampler *s) { return (condition) && s->list##_count != 0; }       \
  static int name##_apply(lk_chain *c)                                                                 \
  {                                                                                                    \
    return lk_overlay(c, number, c->s->list.at, c->s->list##_count, lk_overlay_ban);                   \
  }                                                                                                    \
  static void name##_undo(lk_chain *c) { lk_overlay_undo(c, c->s->list.at, c->s->list##_count); }      \
  const lk_stage_def lk_stage_##name = { name##_active, name##_apply, name##_undo }

STAGE(min_tokens, LK_STAGE_MIN_TOKENS, eos, (double)s->position < s->min_tokens);
STAGE(bad_words, LK_STAGE_BAD_WORDS, bad_words, true);
STAGE(no_repeat_ngram, LK_STAGE_NO_REPEAT_NGRAM, ngrams, true);

static bool suppress_active(const lk_sampler *s) { return s->allowed.at != 0 || s->suppressed_count != 0; }

/* A short list of what is banned costs less than a mask, and a mask less than a long one of all that is not allowed. */
static int suppress_apply(lk_chain *c)
{
  lk_sampler *s = c->s;
  int status = LK_OK;
  if (s->allowed.at) status = lk_chain_mask(c, s->allowed.at, (uint32_t)s->allowed_words);
  if (status != LK_OK || s->suppressed_count == 0) return status;
  return lk_overlay(c, LK_STAGE_SUPPRESS, s->suppressed.at, s->suppressed_count, lk_overlay_ban);
}

static void suppress_undo(lk_chain *c) { lk_overlay_undo(c, c->s->suppressed.at, c->s->suppressed_count); }

const lk_stage_def lk_stage_suppress = { suppress_active, suppress_apply, suppress_undo };
