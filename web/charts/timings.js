import { axisBottom } from 'd3-axis';
import { scaleLog } from 'd3-scale';
import { number } from '../format.js';
import { AXIS, drawAxis } from './axis.js';

/**
 * Histograms below each other on one logarithmic axis of microseconds.
 *
 * @typedef {{title: string, text: string, times: number[], median: number}} Timing
 */

const ROW = 62;
const BARS = 30;
const PAD = 14;
const BINS = 24; // in a power of ten

/** How many times fall into each bin. @param {number[]} times */
function bins(times) {
  /** @type {Map<number, number>} */
  const counts = new Map();
  for (const time of times) {
    const bin = Math.floor(Math.log10(time) * BINS);
    counts.set(bin, (counts.get(bin) ?? 0) + 1);
  }
  return [...counts].map(([bin, count]) => ({
    from: 10 ** (bin / BINS),
    to: 10 ** ((bin + 1) / BINS),
    count,
  }));
}

/** @param {import('../figure.js').Svg} svg @param {number} width @param {Timing[]} timings */
export function drawTimings(svg, width, timings) {
  const all = timings.flatMap(({ times }) => times);
  const low = 10 ** (Math.floor(Math.log10(Math.min(...all)) * BINS) / BINS - 0.05);
  const high = 10 ** ((Math.floor(Math.log10(Math.max(...all)) * BINS) + 1) / BINS + 0.05);
  const bottom = timings.length * ROW;
  const x = scaleLog([low, high], [PAD, width - PAD]);
  svg.attr('height', bottom + AXIS).attr('class', 'timings');
  const rows = svg
    .selectAll('g.row')
    .data(timings)
    .join((enter) => {
      const g = enter.append('g').attr('class', 'row');
      g.append('text').attr('class', 'title').attr('x', 2).attr('y', 16);
      g.append('text').attr('class', 'value').attr('y', 16);
      g.append('path').attr('class', 'base');
      g.append('path').attr('class', 'median');
      return g;
    })
    .attr('transform', (_, index) => `translate(0 ${index * ROW})`);
  rows.select('.title').text(({ title }) => title);
  rows
    .select('.value')
    .attr('x', width - 2)
    .text(({ text }) => text);
  const ground = ROW - 8;
  rows.select('.base').attr('d', `M${PAD} ${ground}H${width - PAD}`);
  rows
    .selectAll('rect')
    .data(({ times }) => {
      const found = bins(times);
      const most = Math.max(...found.map(({ count }) => count));
      return found.map((bin) => ({ ...bin, height: (bin.count / most) * BARS }));
    })
    .join('rect')
    .attr('x', ({ from }) => x(from))
    .attr('width', ({ from, to }) => Math.max(1, x(to) - x(from) - 1))
    .attr('y', ({ height }) => ground - height)
    .attr('height', ({ height }) => height);
  rows
    .select('.median')
    .attr('d', ({ median }) => `M${x(median)} ${ground - BARS - 3}V${ground + 4}`)
    .raise();
  const axis = axisBottom(x)
    .ticks(Math.max(3, Math.floor(width / 110)), '~g')
    .tickFormat((value) => (/^[125]/.test(String(value)) ? number(Number(value)).replace(/\.0+$/, '') : ''))
    .tickSizeOuter(0);
  drawAxis(svg, axis, { bottom, middle: width / 2, title: 'microseconds per token' });
}
