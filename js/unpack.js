/**
 * Unpacks the embedded core: raw DEFLATE (RFC 1951) of bytes that our own build has packed. The platform's
 * DecompressionStream is asynchronous, and the core has to be there at the first call.
 */

/** How many bits follow a length code (257 is 0) or a distance code, and the first value it stands for (RFC 1951, 3.2.5). */
const lengthBits = (/** @type {number} */ i) => (i < 8 || i === 28 ? 0 : (i >> 2) - 1);
const lengthBase = (/** @type {number} */ i) =>
  i < 8 ? i + 3 : i === 28 ? 258 : ((4 + (i & 3)) << lengthBits(i)) + 3;
const distanceBits = (/** @type {number} */ i) => (i < 2 ? 0 : (i >> 1) - 1);
const distanceBase = (/** @type {number} */ i) => (i < 4 ? i + 1 : ((2 + (i & 1)) << distanceBits(i)) + 1);

/** In which order a block tells the lengths of the codes of its lengths. */
const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/**
 * Canonical Huffman codes: how many there are of each length, and the symbols in the order of their codes.
 * @param {number[]} lengths by symbol, 0 for unused
 */
function codes(lengths) {
  const counts = new Array(16).fill(0);
  for (const length of lengths) if (length > 0) counts[length]++;
  const at = [0, 0];
  for (let length = 1; length < 15; length++) at.push(at[length] + counts[length]);
  /** @type {number[]} */
  const symbols = [];
  lengths.forEach((length, symbol) => {
    if (length > 0) symbols[at[length]++] = symbol;
  });
  return { counts, symbols };
}

/**
 * @param {Uint8Array} packed
 * @param {number} size of what comes out
 * @returns {Uint8Array}
 */
export function inflate(packed, size) {
  const out = new Uint8Array(size);
  let filled = 0;
  let bit = 0;

  const bits = (/** @type {number} */ n) => {
    let value = 0;
    for (let i = 0; i < n; i++, bit++) value |= ((packed[bit >> 3] >> (bit & 7)) & 1) << i;
    return value;
  };

  /** The next symbol: codes of one length are consecutive numbers, so one subtraction a bit tells. */
  const symbol = (/** @type {ReturnType<typeof codes>} */ { counts, symbols }) => {
    let code = 0;
    let first = 0;
    let index = 0;
    for (let length = 1; ; length++) {
      code |= bits(1);
      const count = counts[length];
      if (code - first < count) return symbols[index + code - first];
      index += count;
      first = (first + count) << 1;
      code <<= 1;
    }
  };

  const tables = () => {
    const literals = bits(5) + 257;
    const distances = bits(5) + 1;
    const used = bits(4) + 4;
    const lengths = new Array(19).fill(0);
    for (let i = 0; i < used; i++) lengths[ORDER[i]] = bits(3);
    const meta = codes(lengths);
    /** @type {number[]} */
    const all = [];
    while (all.length < literals + distances) {
      const s = symbol(meta);
      if (s < 16) all.push(s);
      else {
        const value = s === 16 ? all[all.length - 1] : 0;
        for (let n = s === 18 ? bits(7) + 11 : bits(s - 14) + 3; n > 0; n--) all.push(value);
      }
    }
    return [codes(all.slice(0, literals)), codes(all.slice(literals))];
  };

  const FIXED = () => [
    codes(Array.from({ length: 288 }, (_, i) => (i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8))),
    codes(new Array(30).fill(5)),
  ];

  for (let last = 0; !last; ) {
    last = bits(1);
    const kind = bits(2);
    if (kind === 0) {
      bit = (bit + 7) & ~7;
      const length = bits(16);
      bits(16);
      out.set(packed.subarray(bit >> 3, (bit >> 3) + length), filled);
      filled += length;
      bit += length * 8;
      continue;
    }
    const [literal, distance] = kind === 2 ? tables() : FIXED();
    for (let s = symbol(literal); s !== 256; s = symbol(literal)) {
      if (s < 256) {
        out[filled++] = s;
        continue;
      }
      const length = lengthBase(s - 257) + bits(lengthBits(s - 257));
      const d = symbol(distance);
      const from = filled - distanceBase(d) - bits(distanceBits(d));
      for (let i = 0; i < length; i++) out[filled++] = out[from + i];
    }
  }
  return out;
}

/**
 * The bytes that scripts/embed.js packed.
 * @param {string} base64 of the packed bytes
 * @param {number} size of the unpacked ones
 */
export function unpack(base64, size) {
  const text = atob(base64);
  const packed = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) packed[i] = text.charCodeAt(i);
  return inflate(packed, size);
}
