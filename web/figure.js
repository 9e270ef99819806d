import { select } from 'd3-selection';
import { el } from './dom.js';
import { number } from './format.js';

/**
 * A figure: a drawing that follows its width, a sentence that says what it shows, and the numbers behind it as a table.
 *
 * @typedef {import('d3-selection').Selection<SVGSVGElement, unknown, null, undefined>} Svg
 * @typedef {number | string | {value: number, text: string}} Cell a number is written by format.number
 * @typedef {{head: string[], rows: Cell[][]}} Table the first cell of a row is its header
 */

/**
 * @template Data
 * @typedef {{draw: (svg: Svg, width: number, data: Data) => void, label: (data: Data) => string, table: (data: Data) => Table}} Parts
 */

/** @param {Cell} cell @returns {Node | string} */
function content(cell) {
  if (typeof cell === 'string') return cell;
  const { value, text } = typeof cell === 'number' ? { value: cell, text: number(cell) } : cell;
  return el('data', { value }, text);
}

/** @param {HTMLTableElement} table @param {Table} data */
function fill(table, { head, rows }) {
  const body = rows.map(([first, ...rest]) =>
    el(
      'tr',
      {},
      el('th', { scope: 'row' }, content(first)),
      ...rest.map((cell) => el('td', {}, content(cell))),
    ),
  );
  table.replaceChildren(
    el('thead', {}, el('tr', {}, ...head.map((text) => el('th', { scope: 'col' }, text)))),
    el('tbody', {}, ...body),
  );
}

/**
 * @template Data
 * @param {HTMLElement} host a <figure> with its <figcaption>
 * @param {Parts<Data>} parts
 * @returns {(data: Data) => void} draws new data
 */
export function figure(host, { draw, label, table }) {
  const numbers = el('table');
  const title = host.querySelector('figcaption b')?.textContent ?? '';
  // The title names it until there is something to say about what it shows.
  const svg = select(host).append('svg').attr('role', 'img').attr('aria-label', title);
  host.append(
    el(
      'details',
      {},
      el('summary', {}, 'The numbers as a table'),
      el('div', { class: 'scroll', role: 'group', tabindex: 0, 'aria-label': `Table: ${title}` }, numbers),
    ),
  );
  /** @type {Data | undefined} */
  let current;
  let width = host.clientWidth;

  function redraw() {
    if (current !== undefined && width > 0) draw(svg.attr('width', width), width, current);
  }

  // In a frame of its own: drawing changes the height, which must not happen while sizes are being reported.
  new ResizeObserver(() =>
    requestAnimationFrame(() => {
      if (host.clientWidth === width) return;
      width = host.clientWidth;
      redraw();
    }),
  ).observe(host);

  return (data) => {
    current = data;
    svg.attr('aria-label', label(data));
    fill(numbers, table(data));
    redraw();
  };
}
