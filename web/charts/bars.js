import { scaleLinear } from 'd3-scale';
import { named, number } from '../format.js';
import { widest } from './widest.js';

/**
 * Horizontal bars: a name on the left, the bar from zero, the value as text on the right.
 *
 * @typedef {object} Bar
 * @property {string} name
 * @property {number} value Infinity is drawn as a bar that leaves the chart
 * @property {string} text the value as it is to be read
 * @property {number} [mark] another value to compare with, drawn as a line across the bar
 * @property {[number, number]} [range] where the value is to be expected, drawn as a bracket around the mark
 * @typedef {{bars: Bar[], domain?: [number, number], from?: number}} Bars without domain: from zero to the largest value;
 *   `from`: where bars begin, 0 unless told
 */

const ROW = 30;
const BAR = 18;
const BREAK = 10; // pixels: the torn end of a bar that leaves the chart

/** @param {Bar[]} bars @returns {[number, number]} */
function spread(bars) {
  const values = bars
    .flatMap(({ value, mark, range }) => [value, mark ?? 0, ...(range ?? [])])
    .filter(Number.isFinite);
  return [Math.min(0, ...values), Math.max(0, ...values)];
}

/** @param {import('../figure.js').Svg} svg @param {number} width @param {Bars} data */
export function drawBars(svg, width, { bars, domain = spread(bars), from = 0 }) {
  svg.attr('height', bars.length * ROW).attr('class', 'bars');

  const rows = svg
    .selectAll('g.bar')
    .data(bars)
    .join((enter) => {
      const g = enter.append('g').attr('class', 'bar');
      g.append('text').attr('class', 'name');
      g.append('rect').attr('class', 'fill');
      g.append('path').attr('class', 'break');
      g.append('path').attr('class', 'halo');
      g.append('path').attr('class', 'range');
      g.append('path').attr('class', 'mark');
      g.append('text').attr('class', 'value');
      return g;
    })
    .attr('transform', (_, index) => `translate(0 ${index * ROW + ROW / 2})`)
    .classed('endless', (bar) => !Number.isFinite(bar.value));

  const names = rows.select('.name').text((bar) => bar.name);
  const values = rows
    .select('.value')
    .attr('x', width - 1)
    .text((bar) => bar.text);
  const left = widest(names.nodes()) + 10;
  const right = width - widest(values.nodes()) - 12;
  const x = scaleLinear(domain[0] === domain[1] ? [0, 1] : domain, [left, Math.max(left + 1, right)]);
  const zero = x(from);
  const end = (/** @type {number} */ value) => (Number.isFinite(value) ? x(value) : right);
  names.attr('x', left - 10);
  rows
    .select('.fill')
    .attr('x', (bar) => Math.min(zero, end(bar.value)))
    .attr('y', -BAR / 2)
    .attr('height', BAR)
    .attr('width', (bar) => thickness(bar.value, Math.abs(end(bar.value) - zero)));
  rows.select('.break').attr('d', (bar) => (Number.isFinite(bar.value) ? null : tear(right)));
  const bracket = (/** @type {Bar} */ { range }) => {
    if (!range) return '';
    const [low, high] = range.map((value) => x(value));
    return `${vertical(low, 5)}M${low} 0H${high}${vertical(high, 5)}`;
  };
  const mark = (/** @type {Bar} */ { mark }) => (mark === undefined ? '' : vertical(x(mark), BAR / 2 + 3));
  rows.select('.range').attr('d', bracket);
  rows.select('.mark').attr('d', mark);
  rows.select('.halo').attr('d', (bar) => bracket(bar) + mark(bar));

  svg
    .selectAll('path.zero')
    .data([zero])
    .join('path')
    .attr('class', 'zero')
    .attr('d', (at) => `M${at} 0V${bars.length * ROW}`);
}

/** A value that is not zero stays visible. @param {number} value @param {number} pixels */
const thickness = (value, pixels) => (value === 0 || Number.isNaN(value) ? 0 : Math.max(1.5, pixels));

/** @param {number} at @param {number} reach */
const vertical = (at, reach) => `M${at} ${-reach}V${reach}`;

/** A saw edge in the colour of the page over the end of a bar. @param {number} at */
function tear(at) {
  const teeth = [];
  for (let y = -BAR / 2 - 2; y <= BAR / 2 + 2; y += 11 / 2) {
    teeth.push(`L${at - (teeth.length % 2 ? BREAK : BREAK / 3)} ${y}`);
  }
  return `M${at + 1} ${-BAR / 2 - 2}${teeth.join('')}L${at + 1} ${BAR / 2 + 2}Z`;
}

/**
 * Bars of probabilities, from 0 to 1, each with the score it comes from in its name and another law's as a mark.
 * @param {import('../figure.js').Svg} svg @param {number} width
 * @param {{ scores: ArrayLike<number>, probs: readonly number[], marks: ArrayLike<number> }} data
 */
export const drawShares = (svg, width, { scores, probs, marks }) =>
  drawBars(svg, width, {
    domain: [0, 1],
    bars: probs.map((value, index) => ({
      name: named(index, scores[index]),
      value,
      text: number(value),
      mark: marks[index],
    })),
  });
