/**
 * What the stage bias adds: logitBias, and for the last token of each sequence of sequenceBias that the history stands
 * before the end of, its bias as well. The ids never change; values do, with the history.
 */
import { f32 } from './arena.js';
import { LARGEST } from './check.js';
import { Endings } from './endings.js';

export class Biases {
  /** Ascending. */
  ids;
  /** The biases without any sequence; -0 is nothing, as x + -0 is x also for x = -0. */
  values;
  #endings;
  /** Where each sequence's last token stands among the ids, and its bias. */
  #places;
  #biases;
  /** The biases as they are now, before rounding, and how many sequences they hold. */
  #sums;
  #found = 0;

  /**
   * @param {ReadonlyMap<number, number> | null} table by ascending id
   * @param {readonly (readonly [readonly number[], number])[]} sequences
   */
  constructor(table, sequences) {
    const lasts = sequences.map(([tokens]) => tokens[tokens.length - 1]);
    this.ids = Uint32Array.from(new Set([...(table?.keys() ?? []), ...lasts])).sort();
    this.values = Float64Array.from(this.ids, (id) => table?.get(id) ?? -0);
    this.#sums = Float64Array.from(this.values);
    this.#endings = new Endings(sequences.map(([tokens]) => tokens));
    const places = new Map(Array.from(this.ids, (id, place) => [id, place]));
    this.#places = Uint32Array.from(lasts, (id) => places.get(id) ?? 0);
    this.#biases = Float64Array.from(sequences, ([, bias]) => bias);
  }

  /** Whether there are any that depend on the history. */
  get sequences() {
    return this.#biases.length > 0;
  }

  /** The most tokens that matter. */
  get reach() {
    return this.#endings.reach;
  }

  /**
   * Writes the values that hold now where others did.
   * @param {import('./history.js').History} history
   * @param {number} at where the core reads them: float32, one for each id
   */
  update(history, at) {
    const { found } = this.#endings;
    for (let i = 0; i < this.#found; i++)
      this.#write(at, this.#places[found[i]], this.values[this.#places[found[i]]]);
    this.#found = this.#endings.find(history);
    for (let i = 0; i < this.#found; i++) {
      const place = this.#places[found[i]];
      this.#write(at, place, this.#sums[place] + this.#biases[found[i]]);
    }
  }

  /** @param {number} at @param {number} place @param {number} sum */
  #write(at, place, sum) {
    this.#sums[place] = sum;
    f32[(at >>> 2) + place] = sum > LARGEST ? LARGEST : sum < -LARGEST && sum > -Infinity ? -LARGEST : sum;
  }
}
