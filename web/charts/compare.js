import { scaleLinear } from 'd3-scale';
import { widest } from './widest.js';

/**
 * Several values for each name, as bars below each other: series 0 filled, series 1 an outline, series 2 hatched by its
 * dashed outline, so that they differ without colour. The caption names them with `key-0`, `key-1`, `key-2`.
 *
 * @typedef {{name: string, values: number[], texts: string[]}} Group
 * @typedef {{groups: Group[], domain: [number, number]}} Compared
 */

const BAR = 13;
const STEP = BAR + 4;
const APART = 9; // pixels between two groups

/** @param {import('../figure.js').Svg} svg @param {number} width @param {Compared} data */
export function drawCompare(svg, width, { groups, domain }) {
  const tall = (groups[0]?.values.length ?? 0) * STEP + APART;
  svg.attr('height', groups.length * tall).attr('class', 'compare');
  const rows = svg
    .selectAll('g.group')
    .data(groups)
    .join((enter) => {
      const g = enter.append('g').attr('class', 'group');
      g.append('text').attr('class', 'name');
      return g;
    })
    .attr('transform', (_, index) => `translate(0 ${index * tall + APART / 2})`);
  const names = rows
    .select('.name')
    .attr('y', (tall - APART) / 2)
    .text(({ name }) => name);
  const bars = rows
    .selectAll('g.bar')
    .data(({ values, texts }) => values.map((value, series) => ({ value, text: texts[series] })))
    .join((enter) => {
      const g = enter.append('g');
      g.append('rect');
      g.append('text').attr('class', 'value');
      return g;
    })
    .attr('class', (_, series) => `bar series-${series}`)
    .attr('transform', (_, series) => `translate(0 ${series * STEP})`);
  const values = bars
    .select('.value')
    .attr('x', width - 1)
    .attr('y', STEP / 2)
    .text(({ text }) => text);
  const left = widest(names.nodes()) + 10;
  const right = Math.max(left + 1, width - widest(values.nodes()) - 12);
  const x = scaleLinear(domain, [left, right]);
  const inside = (/** @type {number} */ value) => Math.min(right, Math.max(left, x(value)));
  names.attr('x', left - 10);
  bars
    .select('rect')
    .attr('x', ({ value }) => Math.min(x(0), inside(value)))
    .attr('y', (STEP - BAR) / 2)
    .attr('height', BAR)
    .attr('width', ({ value }) => (value === 0 ? 0 : Math.max(1.5, Math.abs(inside(value) - x(0)))));
  svg
    .selectAll('path.zero')
    .data([x(0)])
    .join('path')
    .attr('class', 'zero')
    .attr('d', (at) => `M${at} 0V${groups.length * tall}`);
}
