/** The tables of RESULTS.md, from the cells of one engine. */

const count = (n) => n.toLocaleString('en-US');
const DASH = '';

function markdown(head, rows) {
  if (rows.length === 0) return '';
  const line = (cells) => `| ${cells.join(' | ')} |`;
  const rule = `|${head.map((_, i) => (i === 0 ? ' --- ' : ' ---: ')).join('|')}|`;
  return [line(head), rule, ...rows.map(line)].join('\n');
}

const figure = (us) =>
  us >= 10000 ? `${(us / 1000).toFixed(1)} ms` : us >= 100 ? us.toFixed(0) : us.toFixed(us < 10 ? 2 : 1);
const times = (ratio) =>
  ratio >= 100 ? ratio.toFixed(0) : ratio >= 10 ? ratio.toFixed(1) : ratio.toFixed(2);

const find = (cell, where, dtype) =>
  cell?.implementations.find(
    (one) =>
      one.name ===
      ['logitkit', where === 'heap' ? '' : where, dtype === 'f32' ? '' : dtype].filter(Boolean).join(' '),
  );

function graded(one) {
  if (one === undefined) return [DASH, DASH, DASH];
  const { median, p10, p90 } = one.ratio;
  const value = `${times(median)} [${times(p10)}, ${times(p90)}]`;
  if (one.target === undefined) return [figure(one.us.median), value, DASH];
  const verdict = median <= one.target ? `${one.target} met` : `**${one.target} missed**`;
  return [figure(one.us.median), value, verdict];
}

function targets(cells, operations, sets) {
  const rows = [];
  for (const dtype of ['f32', 'f16']) {
    for (const { operation, title } of operations) {
      for (const set of sets) {
        const cell = cells.find((one) => one.operation === operation && one.set === set);
        const heap = find(cell, 'heap', dtype);
        const resident = find(cell, 'resident', dtype);
        if (heap === undefined && resident === undefined) continue;
        const name = `${title}${dtype === 'f16' ? ', float16' : ''}, ${set}`;
        rows.push([name, ...graded(heap), ...graded(resident)]);
      }
    }
  }
  return markdown(['', 'heap: us', 'x copy-in + max', 'target', 'resident: us', 'x max', 'target'], rows);
}

/** Floors are timed in every cell: the median over the cells of a size. */
function floors(cells, sizes) {
  const middle = (list) => list.sort((a, b) => a - b)[list.length >> 1];
  const rows = [];
  for (const n of sizes) {
    const here = cells.filter((cell) => cell.n === n && cell.floors.resident);
    if (here.length === 0) continue;
    const us = (floor) => middle(here.map((cell) => cell.floors[floor].median));
    const rate = (floor) => `${figure(us(floor))}, ${((4 * n) / us(floor) / 1000).toFixed(1)}`;
    const forms = [...new Set(here.map((cell) => cell.floors.resident.form))].sort().join(' ');
    rows.push([count(n), forms, rate('resident'), rate('copy'), rate('copyIn'), rate('heap')]);
  }
  return markdown(['logits', 'best form', 'maximum: us, GB/s', 'copy', 'copy-in', 'copy-in + maximum'], rows);
}

function peers(cells, operations, n) {
  const here = cells.filter((cell) => cell.n === n);
  const names = [];
  for (const { implementations } of here) {
    for (const { peer } of implementations)
      if (peer !== 'logitkit' && !names.includes(peer)) names.push(peer);
  }
  if (names.length === 0) return '';
  const rows = [];
  let noted = false;
  for (const { operation, title } of operations) {
    for (const cell of here.filter((one) => one.operation === operation)) {
      const entry = (name) => {
        const one = cell.implementations.find((implementation) => implementation.name === name);
        if (one === undefined) return DASH;
        noted ||= one.note !== undefined;
        return `${figure(one.us.median)} x${times(one.ratio.median)}${one.note ? ' *' : ''}`;
      };
      const all = ['logitkit', ...names].map(entry);
      if (all.slice(1).some((text) => text !== DASH)) rows.push([`${title}, ${cell.set}`, ...all]);
    }
  }
  const note = noted ? '\n\n`*` draws without top-p and min-p, which that peer has not.' : '';
  return markdown([`${count(n)} logits`, 'logitkit', ...names], rows) + note;
}

function growth(cells, operations, sizes, where) {
  const rows = [];
  const shown = sizes.filter((n) => cells.some((cell) => cell.n === n));
  for (const { operation, title } of operations) {
    const entry = (n) => {
      const cell = cells.find((one) => one.operation === operation && one.n === n && one.set === 'peaked');
      const one = find(cell, where, 'f32');
      return one === undefined ? DASH : ((1000 * one.us.median) / n).toFixed(3);
    };
    const all = shown.map(entry);
    if (all.some((text) => text !== DASH)) rows.push([title, ...all]);
  }
  return markdown(['logits', ...shown.map(count)], rows);
}

/** Kinds of error that are a distance from the right answer, as opposed to a statistic of draws. */
const ERRORS = ['relative', 'absolute', 'sum'];

function accuracy(cells, n) {
  const rows = [];
  for (const { title, set, implementations } of cells.filter((cell) => cell.n === n)) {
    for (const { name, errors } of implementations) {
      const found = ERRORS.filter((kind) => errors[kind] !== undefined);
      if (found.length === 0) continue;
      rows.push([
        `${title}, ${set}`,
        name,
        found.map((kind) => `${kind} ${errors[kind].toExponential(1)}`).join(', '),
      ]);
    }
  }
  return markdown([`${count(n)} logits`, 'by', 'largest error'], rows);
}

function heap(cells, operations) {
  const rows = [];
  for (const { operation, title } of operations) {
    const seen = {};
    for (const cell of cells.filter((one) => one.operation === operation)) {
      for (const { name, heapBytes } of cell.implementations) {
        if (heapBytes !== undefined) seen[name] = Math.max(seen[name] ?? 0, heapBytes);
      }
    }
    for (const [name, bytes] of Object.entries(seen)) rows.push([title, name, bytes.toFixed(1)]);
  }
  return markdown(['operation', 'by', 'most bytes per call'], rows);
}

function leftOut(cells, absent = {}) {
  const lines = Object.entries(absent).map(([name, reason]) => `- ${name} does not load: ${reason}`);
  for (const { n, set, title, failures } of cells) {
    for (const { name, reason } of failures) lines.push(`- ${title}, ${count(n)} ${set}: ${name}: ${reason}`);
  }
  return lines.join('\n');
}

export const tables = { markdown, targets, floors, peers, growth, accuracy, heap, leftOut };
