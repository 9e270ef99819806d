/** The floors of a cell as implementations: the maximum of rows in memory, and of rows copied in first. */
import base64 from '../../dist/bench/floor.js';

const FORMS = ['max2', 'max4', 'max8'];
const PADDING = 32;
const PAGE = 65536;

let kernels;

function open() {
  if (kernels === undefined) {
    const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
    kernels = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports;
    kernels._initialize?.();
  }
  return kernels;
}

/**
 * Four resident rows, one row that JS-heap rows are copied into, and one that `copy` writes.
 * @param {import('./rows.js').Data} data
 */
export function floors(data) {
  const { memory, __heap_base: base, copy, ...rest } = open();
  const padded = Math.ceil(data.n / PADDING) * PADDING;
  const first = Math.ceil(base.value / 64) * 64;
  const slots = data.rows.length + 2;
  const missing = first + slots * padded * 4 - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
  const place = (slot) => first + slot * padded * 4;
  const view = (slot) => new Float32Array(memory.buffer, place(slot), padded);
  for (let slot = 0; slot < slots; slot++) view(slot).fill(Number.NEGATIVE_INFINITY);
  data.rows.forEach((row, i) => {
    view(i).set(row);
  });
  const scratch = data.rows.length;
  const inside = view(scratch);
  const rows = data.rows;

  const list = [];
  for (const form of FORMS) {
    const max = rest[form];
    list.push({ name: form, floor: 'resident', run: (i) => max(place(i), padded) });
    list.push({
      name: `copy-in + ${form}`,
      floor: 'heap',
      run: (i) => {
        inside.set(rows[i]);
        return max(place(scratch), padded);
      },
    });
  }
  list.push({ name: 'copy', floor: 'copy', run: (i) => copy(place(scratch + 1), place(i), padded) });
  list.push({ name: 'copy-in', floor: 'copyIn', run: (i) => inside.set(rows[i]) });
  return list;
}

/** A floor that does not find the maximum is no floor. */
export function checkFloors(list, data) {
  for (const { name, floor, run } of list) {
    if (floor !== 'resident' && floor !== 'heap') continue;
    data.rows.forEach((row, i) => {
      const found = run(i);
      if (found !== row.reduce((a, b) => Math.max(a, b))) throw new Error(`${name} of row ${i} is ${found}`);
    });
  }
}
