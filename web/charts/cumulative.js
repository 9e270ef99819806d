import { axisBottom } from 'd3-axis';
import { scaleLinear } from 'd3-scale';
import { AXIS, drawAxis } from './axis.js';

/**
 * The line from 0 to 1, cut into parts, and a point that falls on it.
 *
 * @typedef {{name: string, share: number, hit: boolean}} Part
 * @typedef {{parts: Part[], at: number}} Cumulative the shares are relative to each other
 */

const TOP = 34;
const HEIGHT = 46;
const PAD = 14;
const LETTER = 9; // pixels of a name, about

/** @param {import('../figure.js').Svg} svg @param {number} width @param {Cumulative} data */
export function drawCumulative(svg, width, { parts, at }) {
  const bottom = TOP + HEIGHT;
  const total = parts.reduce((sum, { share }) => sum + share, 0);
  const x = scaleLinear([0, 1], [PAD, width - PAD]);
  let sum = 0;
  const placed = parts.map((part, index) => {
    const from = sum / total;
    sum += part.share;
    return { ...part, index, from: x(from), to: x(sum / total) };
  });
  svg.attr('height', bottom + AXIS).attr('class', 'cumulative');
  svg
    .selectAll('rect.part')
    .data(placed)
    .join('rect')
    .attr('class', ({ index, hit }) => `part tone-${index % 4}${hit ? ' hit' : ''}`)
    .attr('x', ({ from }) => from)
    .attr('y', TOP)
    .attr('width', ({ from, to }) => Math.max(0, to - from))
    .attr('height', HEIGHT);
  svg
    .selectAll('text.name')
    .data(placed)
    .join('text')
    .attr('class', ({ hit }) => (hit ? 'name hit' : 'name'))
    .attr('x', ({ from, to }) => (from + to) / 2)
    .attr('y', TOP + HEIGHT / 2)
    .text(({ name, from, to }) => (to - from > name.length * LETTER ? name : ''));
  const point = svg
    .selectAll('g.point')
    .data([at])
    .join((enter) => {
      const g = enter.append('g').attr('class', 'point');
      g.append('path').attr('class', 'halo').attr('d', `M0 ${TOP}V${bottom}`);
      g.append('path').attr('d', `M0 ${TOP - 6}V${bottom}`);
      g.append('path')
        .attr('class', 'flag')
        .attr('d', `M-8 ${TOP - 16}H8L0 ${TOP - 3}Z`);
      g.append('text').attr('y', TOP - 21);
      return g;
    })
    .attr('transform', (value) => `translate(${x(value)} 0)`)
    .raise();
  point
    .select('text')
    .attr('text-anchor', (value) => (value < 0.1 ? 'start' : value > 0.9 ? 'end' : 'middle'))
    .text('u');
  const axis = axisBottom(x)
    .ticks(Math.max(3, Math.min(10, Math.floor(width / 60))))
    .tickSizeOuter(0);
  drawAxis(svg, axis, { bottom, middle: width / 2, title: 'sum of the probabilities so far' });
}
