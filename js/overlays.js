/**
 * What a sampler hands the core beside numbers: lists of tokens that stages ban or change. Some are options as they are,
 * the others follow from the history and are found anew for each step. One object for each set of options.
 */
import { LK } from '../dist/abi.js';
import { allocate, f64, release, retain, u8, u32 } from './arena.js';
import { Dry } from './dry.js';
import { Endings } from './endings.js';
import { Ngrams } from './ngrams.js';
import { rulesOf } from './order.js';
import { Pile } from './pile.js';
import { AT } from './struct.js';

/** Options that this is made from. */
const NAMES = /** @type {const} */ ([
  'suppressTokens',
  'allowedTokens',
  'forcedTokens',
  'eosTokens',
  'lengthPenalty',
  'badWords',
  'order',
  'noRepeatNgramSize',
  'dryMultiplier',
  'dryAllowedLength',
  'dryLastN',
  'drySequenceBreakers',
]);

/** @typedef {import('./options.js').Settings} Settings */

export class Overlays {
  #settings;
  #history;
  #forced;
  /** Numbers of 32 bits that stay as they are: masks and entries, in one piece of memory. */
  #block = 0;
  #words = 0;
  #allowed = 0;
  #room = 0;
  #suppressed = 0;
  #eos = 0;
  #ends = 0;
  #badWords = 0;
  #suppressedCount = 0;
  /** @type {Endings | null} */
  #endings = null;
  /** The last token of each bad word. @type {Uint32Array} */
  #lasts;
  /** @type {Ngrams | null} */
  #ngrams = null;
  /** @type {Dry | null} */
  #dry = null;
  #completing = new Pile();
  #repeating = new Pile();

  /**
   * @param {string} where for errors
   * @param {number} n tokens of the vocabulary
   * @param {Settings} settings
   * @param {import('./history.js').History} history
   * @param {Overlays | null} before what served until now: its indices are kept where they fit. Of another history: what
   *   does not change between two calls is shared, if these are its settings
   * @throws {RangeError} memory that cannot grow
   */
  constructor(where, n, settings, history, before) {
    const { allowedTokens, badWords, dryMultiplier, dryLastN, eosTokens, forcedTokens } = settings;
    this.#settings = settings;
    this.#history = history;
    this.#forced = forcedTokens;
    const same = before !== null && before.#history === history ? before : null;
    if (settings.noRepeatNgramSize > 0) {
      this.#ngrams = new Ngrams(history, settings.noRepeatNgramSize, same?.ngramIndex);
    }
    if (dryMultiplier !== 0 && dryLastN !== 0) {
      const { dryAllowedLength, drySequenceBreakers } = settings;
      this.#dry = new Dry(history, dryAllowedLength, dryLastN, drySequenceBreakers, same?.dryIndex);
    }
    if (before?.serves(settings)) {
      this.#lasts = before.#lasts;
      this.#share(before);
      return;
    }
    this.#lasts = Uint32Array.from(badWords, (tokens) => tokens[tokens.length - 1]);
    if (badWords.length > 0) {
      this.#endings = new Endings(badWords, rulesOf('order', settings.order).wordScope === 'output');
    }
    const suppressed = allowedTokens === null ? settings.suppressTokens : [];
    this.#suppressedCount = suppressed.length;
    this.#words = allowedTokens === null ? 0 : (n + 31) >>> 5;
    const room = allowedTokens === null && forcedTokens === null ? 0 : (n + 31) >>> 5;
    const entries = suppressed.length + 2 * eosTokens.length + badWords.length;
    const bytes = 4 * (this.#words + room) + LK.ENTRY * entries;
    if (bytes === 0) return;
    this.#block = allocate(bytes, where);
    u8.fill(0, this.#block, this.#block + bytes);
    this.#allowed = this.#block;
    this.#room = this.#allowed + 4 * this.#words;
    this.#suppressed = this.#room + 4 * room;
    this.#eos = put(this.#suppressed, suppressed);
    this.#ends = put(this.#eos, eosTokens);
    this.#badWords = put(this.#ends, eosTokens);
    const always = this.#endings?.found.subarray(0, this.#endings.always) ?? [];
    put(
      this.#badWords,
      Array.from(always, (word) => this.#lasts[word]),
    );
    for (const token of allowedTokens ?? []) u32[(this.#allowed >>> 2) + (token >>> 5)] |= 1 << (token & 31);
    for (const token of allowedTokens ? settings.suppressTokens : []) {
      u32[(this.#allowed >>> 2) + (token >>> 5)] &= ~(1 << (token & 31));
    }
  }

  /** The indices over the history, for the next set of options. */
  get ngramIndex() {
    return this.#ngrams?.grams;
  }

  get dryIndex() {
    return this.#dry?.grams;
  }

  /** Takes over what no call leaves anything in. @param {Overlays} before */
  #share(before) {
    retain(before.#block);
    this.#block = before.#block;
    this.#words = before.#words;
    this.#allowed = before.#allowed;
    this.#room = before.#room;
    this.#suppressed = before.#suppressed;
    this.#suppressedCount = before.#suppressedCount;
    this.#eos = before.#eos;
    this.#ends = before.#ends;
    this.#badWords = before.#badWords;
    this.#endings = before.#endings;
  }

  /** Whether these options would give the same. @param {Settings} settings */
  serves(settings) {
    return NAMES.every((name) => settings[name] === this.#settings[name]);
  }

  /** The option that looks back furthest, of those that say how far. @returns {{ name: string, tokens: number }} */
  get reach() {
    const words = { name: 'badWords', tokens: this.#endings?.reach ?? 0 };
    const window = { name: 'dryLastN', tokens: this.#dry === null ? 0 : this.#settings.dryLastN };
    return window.tokens > words.tokens ? window : words;
  }

  /** Writes what does not change into a sampler's struct. @param {number} struct its address */
  write(struct) {
    const set = (/** @type {number} */ field, /** @type {number} */ value) => {
      u32[(struct + field) >>> 2] = value;
    };
    set(AT.allowed, this.#words === 0 ? 0 : this.#allowed);
    set(AT.allowedWords, this.#words);
    set(AT.maskRoom, this.#room);
    set(AT.suppressed, this.#suppressed);
    set(AT.suppressedCount, this.#suppressedCount);
    set(AT.eos, this.#eos);
    set(AT.eosCount, this.#settings.eosTokens.length);
    set(AT.ends, this.#ends);
    const { lengthPenalty } = this.#settings;
    f64[(struct + AT.lengthStart) >>> 3] = lengthPenalty?.start ?? Infinity;
    f64[(struct + AT.lengthFactor) >>> 3] = lengthPenalty?.factor ?? 1;
    set(AT.endsCount, lengthPenalty === null ? 0 : this.#settings.eosTokens.length);
    set(AT.badWords, this.#badWords);
    set(AT.badWordsCount, 0);
    set(AT.ngrams, 0);
    set(AT.ngramsCount, 0);
    set(AT.repeats, 0);
    set(AT.repeatsCount, 0);
    set(AT.forced, 0);
  }

  /**
   * Finds what follows from the history, for the next step.
   * @param {number} struct
   * @throws {RangeError} memory that cannot grow
   */
  aim(struct) {
    const history = this.#history;
    if (this.#forced !== null) {
      const token = this.#forced.get(history.position);
      u32[(struct + AT.forced) >>> 2] = token === undefined ? 0 : token + 1;
    }
    if (this.#endings !== null) u32[(struct + AT.badWordsCount) >>> 2] = this.#findWords(this.#endings);
    if (this.#ngrams === null && this.#dry === null) return;
    this.#ngrams?.grams.sync();
    this.#dry?.grams.sync();
    history.low = history.end;
    if (this.#ngrams !== null)
      fill(this.#ngrams, this.#completing, struct + AT.ngrams, struct + AT.ngramsCount);
    if (this.#dry !== null) fill(this.#dry, this.#repeating, struct + AT.repeats, struct + AT.repeatsCount);
  }

  /** @param {Endings} endings @returns {number} entries: those of single tokens stand there already */
  #findWords(endings) {
    const count = endings.find(this.#history);
    for (let i = endings.always; i < count; i++) {
      u32[(this.#badWords + i * LK.ENTRY) >>> 2] = this.#lasts[endings.found[i]];
    }
    return count;
  }

  dispose() {
    release(this.#block);
    this.#block = 0;
    this.#completing.dispose();
    this.#repeating.dispose();
  }
}

/**
 * Writes entries for tokens.
 * @param {number} at
 * @param {readonly number[]} tokens
 * @returns {number} the address behind them
 */
function put(at, tokens) {
  tokens.forEach((token, i) => {
    u32[(at + i * LK.ENTRY) >>> 2] = token;
  });
  return at + tokens.length * LK.ENTRY;
}

/**
 * @param {Ngrams | Dry} finder
 * @param {Pile} pile
 * @param {number} field address of the list's pointer
 * @param {number} count address of its count
 */
function fill(finder, pile, field, count) {
  pile.count = 0;
  finder.find(pile);
  u32[field >>> 2] = pile.at;
  u32[count >>> 2] = pile.count;
}
