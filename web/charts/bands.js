import { axisBottom } from 'd3-axis';
import { scaleLinear, scaleLog } from 'd3-scale';
import { area, stack } from 'd3-shape';
import { AXIS, drawAxis } from './axis.js';

/**
 * Probabilities over temperature as bands that fill the height, because they always sum to one; a line marks the
 * temperature that is set.
 *
 * @typedef {{temperatures: number[], names: string[], probs: number[][], at: number | null}} Bands
 * `probs[i]` belongs to `temperatures[i]`; `at` is null where the axis does not have the temperature
 */

const HEIGHT = 250;
const TOP = 18;
const LABEL = 17; // pixels of height that a name in a band needs

/** @param {import('../figure.js').Svg} svg @param {number} width @param {Bands} data */
export function drawBands(svg, width, { temperatures, names, probs, at }) {
  const bottom = TOP + HEIGHT;
  const x = scaleLog([temperatures[0], temperatures[temperatures.length - 1]], [18, width - 18]);
  const y = scaleLinear([0, 1], [bottom, TOP]);
  const series = stack()
    .keys(names)
    .value((row, key) => row[key])(probs.map((row) => Object.fromEntries(row.map((p, i) => [names[i], p]))));
  const shape = area()
    .x((_, index) => x(temperatures[index]))
    .y0(([low]) => y(low))
    .y1(([, high]) => y(high));
  svg.attr('height', bottom + AXIS).attr('class', 'bands');

  svg
    .selectAll('path.band')
    .data(series)
    .join('path')
    .attr('class', (_, index) => `band tone-${index % 4}`)
    .attr('d', (band) => shape(/** @type {any} */ (band)));

  svg
    .selectAll('text.name')
    .data(series.map((band) => ({ key: band.key, ...place(band, x, y, temperatures) })))
    .join('text')
    .attr('class', 'name')
    .attr('x', ({ left }) => left)
    .attr('y', ({ top }) => top)
    .text(({ key, room }) => (room >= LABEL ? key : ''));

  svg
    .selectAll('g.cursor')
    .data(at === null ? [] : [at])
    .join((enter) => {
      const g = enter.append('g').attr('class', 'cursor');
      g.append('path').attr('d', `M0 ${TOP - 4}V${bottom}`);
      g.append('path')
        .attr('class', 'flag')
        .attr('d', `M-7 ${TOP - 14}H7L0 ${TOP - 3}Z`);
      return g;
    })
    .attr('transform', (temperature) => `translate(${x(temperature)} 0)`)
    .raise();

  const axis = axisBottom(x)
    .tickValues([0.01, 0.1, 1, 10, 100, 1000])
    .tickFormat((value) => String(value))
    .tickSizeOuter(0);
  drawAxis(svg, axis, { bottom, middle: width / 2, title: 'temperature T' });
}

/**
 * Where a band is thickest, away from the ends so that the name stays inside.
 * @param {ArrayLike<ArrayLike<number>>} band
 * @param {(temperature: number) => number} x @param {(share: number) => number} y @param {number[]} temperatures
 */
function place(band, x, y, temperatures) {
  const margin = Math.ceil(temperatures.length / 16);
  let best = margin;
  const thick = (/** @type {number} */ index) => y(band[index][0]) - y(band[index][1]);
  for (let index = margin; index < temperatures.length - margin; index++) {
    if (thick(index) > thick(best) + 0.5) best = index;
  }
  const middle = (y(band[best][0]) + y(band[best][1])) / 2;
  return { left: x(temperatures[best]), top: middle + 5, room: thick(best) };
}
