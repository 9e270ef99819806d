import { axisBottom, axisLeft } from 'd3-axis';
import { scaleLinear, scaleLog } from 'd3-scale';
import { line } from 'd3-shape';
import { typed } from '../format.js';
import { AXIS, drawAxis } from './axis.js';
import { spread } from './spread.js';
import { widest } from './widest.js';

/**
 * Curves over one quantity, solid, dashed and dotted in turn, each named where it ends; a line marks where the reader
 * is.
 *
 * @typedef {object} Lines
 * @property {{name: string, ys: number[]}[]} series `ys[i]` belongs to `xs[i]`
 * @property {number[]} xs
 * @property {[number, number]} domain of y
 * @property {string} title of the quantity on the x axis
 * @property {string} measure the quantity on the y axis, and its unit if it has one
 * @property {boolean} [log] the x axis is logarithmic
 * @property {number[]} [ticks] of the x axis
 * @property {(value: number, index: number) => string} [tickText] what is written at a tick
 * @property {number | null} [at] where the reader is, if the axis has it
 */

const HEIGHT = 230;
const TOP = 32;
const TITLE = 12; // pixels from the top to the foot of what names the y axis
const TICK = 10; // pixels beside a number of the axis
const LABEL = 17; // pixels of height that a name needs
const END = 8; // pixels between a curve and what names it
const SAMPLE = 22; // pixels of a curve's dashes beside its name, where several end in one place

/** @param {number} value */
const written = (value) => String(value).replace('-', '\u2212');

/** @param {import('../figure.js').Svg} svg @param {number} width @param {Lines} data */
export function drawLines(svg, width, data) {
  const { series, xs, domain, title, measure, log = false, ticks, tickText = written, at = null } = data;
  const bottom = TOP + HEIGHT;
  svg.attr('height', bottom + AXIS).attr('class', 'lines');
  const labels = svg
    .selectAll('text.name')
    .data(series)
    .join('text')
    .attr('class', 'name')
    .text(({ name }) => name);
  const sample = series.length > 1 ? SAMPLE + END : 0;
  const right = width - Math.max(12, widest(labels.nodes())) - sample - END;
  const y = scaleLinear(domain, [bottom, TOP]);
  const scale = svg.selectAll('g.scale').data([null]).join('g').attr('class', 'scale axis');
  axisLeft(y)
    .ticks(5)
    .tickFormat((value) => typed(Number(value)))
    .tickSizeOuter(0)(/** @type {any} */ (scale));
  const left = widest(scale.selectAll('text').nodes()) + TICK;
  scale.attr('transform', `translate(${left} 0)`);
  const x = (log ? scaleLog() : scaleLinear()).domain([xs[0], xs[xs.length - 1]]).range([left, right]);
  const tops = spread(
    series.map(({ ys }) => y(ys[ys.length - 1])),
    LABEL,
    bottom,
  );
  labels.attr('x', right + END + sample).attr('y', (_, index) => tops[index]);
  svg
    .selectAll('path.sample')
    .data(sample ? series : [])
    .join('path')
    .attr('class', (_, index) => `sample dash-${index % 3}`)
    .attr('d', (_, index) => `M${right + END} ${tops[index]}h${SAMPLE}`);

  const path = line()
    .x((_, index) => x(xs[index]))
    .y((value) => y(Number(value)));
  svg
    .selectAll('path.curve')
    .data(series)
    .join('path')
    .attr('class', (_, index) => `curve dash-${index % 3}`)
    .attr('d', ({ ys }) => path(/** @type {any} */ (ys)));
  const marks = at === null || at < xs[0] || at > xs[xs.length - 1] ? [] : [at];
  svg
    .selectAll('path.here')
    .data(marks)
    .join('path')
    .attr('class', 'here')
    .attr('d', (value) => `M${x(value)} ${TOP - 8}V${bottom}`);

  svg
    .selectAll('text.measure')
    .data([measure])
    .join('text')
    .attr('class', 'measure')
    .attr('y', TITLE)
    .text((text) => text);
  const axis = axisBottom(x).tickSizeOuter(0);
  if (ticks) axis.tickValues(ticks).tickFormat((value, index) => tickText(Number(value), index));
  else axis.ticks(Math.max(3, Math.floor(width / 90)));
  drawAxis(svg, axis, { bottom, middle: (left + right) / 2, title });
}
