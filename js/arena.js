/**
 * The one memory of the library, handed out in pieces. C never allocates: everything it works on comes from here.
 *
 * Growing detaches every typed array over the memory, the views below included. They are made anew at once, and as
 * module bindings they are always current: read them after the last `allocate` of a call, and keep none.
 */

const ALIGN = 16;
const PAGE = 65536;
const LEAST_GROWTH = 1 << 20;

/** @type {import('./instance.js').Made['memory']} */
let memory;

/** @type {Uint8Array} */
export let u8;
/** @type {Uint16Array} */
export let u16;
/** @type {Int32Array} */
export let i32;
/** @type {Uint32Array} */
export let u32;
/** @type {Float32Array} */
export let f32;
/** @type {Float64Array} */
export let f64;

/** What is free, by address; neighbours are always merged. @type {{ at: number, size: number }[]} */
const holes = [];
/** The size of every piece in use. @type {Map<number, number>} */
const taken = new Map();
/** Pieces that have more than one owner, and how many more. @type {Map<number, number>} */
const shared = new Map();

function view() {
  const { buffer } = memory;
  u8 = new Uint8Array(buffer);
  u16 = new Uint16Array(buffer);
  i32 = new Int32Array(buffer);
  u32 = new Uint32Array(buffer);
  f32 = new Float32Array(buffer);
  f64 = new Float64Array(buffer);
}

/**
 * Takes over the memory of the instance.
 * @param {import('./instance.js').Made['memory']} given
 * @param {number} base where the compiler's own data ends
 */
export function open(given, base) {
  memory = given;
  view();
  const at = roundUp(base, ALIGN);
  addHole(at, u8.length - at);
}

/** @param {number} value @param {number} step */
const roundUp = (value, step) => value + ((step - (value % step)) % step);

/** @param {number} at @param {number} size */
function addHole(at, size) {
  let i = 0;
  while (i < holes.length && holes[i].at < at) i++;
  holes.splice(i, 0, { at, size });
  if (i + 1 < holes.length && at + size === holes[i + 1].at) holes[i].size += holes.splice(i + 1, 1)[0].size;
  if (i > 0 && holes[i - 1].at + holes[i - 1].size === at) holes[i - 1].size += holes.splice(i, 1)[0].size;
}

/**
 * Makes room for `size` bytes behind what is free at the end.
 * @param {number} size
 * @param {string} what
 */
function grow(size, what) {
  const end = u8.length;
  const last = holes.at(-1);
  const need = roundUp(size - (last && last.at + last.size === end ? last.size : 0), PAGE);
  const wish = need > LEAST_GROWTH ? need : LEAST_GROWTH;
  try {
    if (!extend(wish) && (need === wish || !extend(need))) throw new RangeError('refused');
  } catch (cause) {
    throw new RangeError(
      `${what}: no room for ${size} bytes, logitkit's memory of ${end} bytes cannot grow by ${need}`,
      {
        cause,
      },
    );
  }
  view();
  addHole(end, u8.length - end);
}

/** @param {number} bytes */
function extend(bytes) {
  try {
    memory.grow(bytes / PAGE);
    return true;
  } catch {
    return false;
  }
}

/**
 * A piece of memory, aligned to 16 bytes and not cleared. The smallest hole that fits is cut.
 * @param {number} bytes
 * @param {string} what it is for, as the error names it
 * @returns {number} its address
 * @throws {RangeError} when the memory cannot grow; nothing is changed then
 */
export function allocate(bytes, what) {
  const size = roundUp(bytes > 0 ? bytes : 1, ALIGN);
  let best = fitting(size);
  if (best < 0) {
    grow(size, what);
    best = fitting(size);
  }
  const hole = holes[best];
  const { at } = hole;
  hole.at += size;
  hole.size -= size;
  if (hole.size === 0) holes.splice(best, 1);
  taken.set(at, size);
  return at;
}

/** @param {number} size @returns {number} index of the smallest hole that fits, or -1 */
function fitting(size) {
  let best = -1;
  for (let i = 0; i < holes.length; i++) {
    if (holes[i].size >= size && (best < 0 || holes[i].size < holes[best].size)) best = i;
  }
  return best;
}

/** Makes the caller one more owner of a piece, who gives it back as well; 0 is none. @param {number} at */
export function retain(at) {
  if (at !== 0) shared.set(at, (shared.get(at) ?? 0) + 1);
}

/** Whether a piece has other owners, who must not see a change. @param {number} at */
export const isShared = (at) => shared.has(at);

/** Gives a piece back; it is free when its last owner has. 0 is none. @param {number} at */
export function release(at) {
  const size = taken.get(at);
  if (size === undefined) return;
  const others = shared.get(at) ?? 0;
  if (others > 1) shared.set(at, others - 1);
  else shared.delete(at);
  if (others > 0) return;
  taken.delete(at);
  addHole(at, size);
}
