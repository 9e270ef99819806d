/** Options that name tokens. The fields stand in js/options.js. */
import { MOST } from '../check.js';

/** The largest float32. */
const MAX_FLOAT = 3.4028234663852886e38;

export const MASKS = /** @type {const} */ ({
  logitBias: {
    name: 'logitBias',
    stage: 'bias',
    kind: 'bias',
    neutral: null,
    min: -Infinity,
    max: MAX_FLOAT,
    does: 'Adds to the logits of single tokens, by id. -Infinity bans.',
    source: 'x + b',
  },
  sequenceBias: {
    name: 'sequenceBias',
    stage: 'bias',
    kind: 'sequenceBias',
    neutral: [],
    min: -Infinity,
    max: MAX_FLOAT,
    does: 'Adds to the logit of the last token of a sequence where its other tokens came just before. -Infinity bans.',
    source: 'x + the sum of logitBias and these; Hugging Face',
  },
  allowedTokens: {
    name: 'allowedTokens',
    stage: 'suppress',
    kind: 'allowed',
    neutral: null,
    does: 'Bans all tokens but these; null allows all.',
    source: 'vLLM allowed_token_ids',
  },
  suppressTokens: {
    name: 'suppressTokens',
    stage: 'suppress',
    kind: 'tokens',
    neutral: [],
    does: 'Bans these tokens.',
    source: 'Hugging Face suppress_tokens',
  },
  forcedTokens: {
    name: 'forcedTokens',
    stage: 'forced',
    kind: 'forced',
    neutral: null,
    does: 'At these positions, counted in output tokens, bans all tokens but the given one.',
    source: 'Hugging Face forced_decoder_ids',
  },
  eosTokens: {
    name: 'eosTokens',
    stage: null,
    kind: 'tokens',
    neutral: [],
    does: 'The tokens that end a text, for minTokens and lengthPenalty.',
    source: 'Hugging Face eos_token_id',
  },
  minTokens: {
    name: 'minTokens',
    stage: 'minTokens',
    kind: 'integer',
    neutral: 0,
    min: 0,
    max: MOST,
    does: 'Bans eosTokens until the output has so many tokens.',
    source: 'vLLM min_tokens, Hugging Face min_new_tokens',
  },
  lengthPenalty: {
    name: 'lengthPenalty',
    stage: 'lengthPenalty',
    kind: 'lengthPenalty',
    neutral: null,
    does: 'Once the output has more than start tokens, makes eosTokens likelier with each, for a factor above 1.',
    source: 'x + |x| (factor^(position - start) - 1); Hugging Face exponential_decay_length_penalty',
  },
});
