/** What samplers that were forked from one another have in common. */
import { checkNumber } from './check.js';

const STREAM = { min: 0, max: 4294967295, integer: true };

export class Family {
  /** The next stream that none of them was given yet, apart from `chosen`. */
  next = 1;
  /** Streams from `next` on that a caller chose. @type {Set<number>} */
  chosen = new Set();
  /** A row that one of them has read since and not written to, and its format; 0: none. They share it where they can. */
  row = 0;
  format = 0;

  /** @param {string} what @param {unknown} stream absent: one that is unused @returns {number} */
  pick(what, stream) {
    if (stream !== undefined) return checkNumber(what, stream, STREAM);
    let free = this.next;
    while (this.chosen.has(free)) free++;
    if (free > STREAM.max) throw new RangeError(`${what} must be given: the family has used the last one`);
    return free;
  }

  /** Notes that a stream is used. @param {number} stream */
  use(stream) {
    if (stream >= this.next) this.chosen.add(stream);
    while (this.chosen.delete(this.next)) this.next++;
  }

  /** @param {import('./bytes.js').Writer} out */
  save(out) {
    out.integer(this.next);
    out.integer(this.chosen.size);
    for (const stream of [...this.chosen].sort((a, b) => a - b)) out.integer(stream);
  }

  /** @param {import('./bytes.js').Reader} from */
  load(from) {
    this.next = from.integer(STREAM.max + 1);
    for (let more = from.integer(from.left); more > 0; more--) this.use(from.integer(STREAM.max));
  }
}
