import { axisBottom } from 'd3-axis';
import { scaleLinear } from 'd3-scale';
import { area, line } from 'd3-shape';
import { css, matching } from '../colour.js';
import { AXIS, drawAxis } from './axis.js';

/**
 * A filament in its colour, and below it the spectrum: power by wavelength, of which only the coloured part is seen.
 *
 * @typedef {object} Glow
 * @property {string} colour of the filament
 * @property {number[]} wavelengths in micrometres
 * @property {number[]} powers the largest is 1, or all are 0
 * @property {number[]} visible first and last wavelength that is seen
 */

const COIL = 96;
const HEIGHT = 200;
const PAD = 16;
const LOOPS = 14;
const STRIPS = 60;
const RED = 660; // nanometres: the colours beyond look like it, and the fitted functions would turn orange there

/** A wire wound to a coil, seen from the side. @param {number} width */
function coil(width) {
  const [from, to] = [width * 0.2, width * 0.8];
  const points = Array.from({ length: LOOPS * 12 + 1 }, (_, index) => {
    const turn = index / 12;
    const x = from + ((to - from) * turn) / LOOPS - 9 * Math.sin(2 * Math.PI * turn);
    return `${x.toFixed(1)} ${(COIL / 2 - 20 * Math.cos(2 * Math.PI * turn)).toFixed(1)}`;
  });
  return `M${from - 40} ${COIL - 8}L${points.join('L')}L${to + 40} ${COIL - 8}`;
}

/** @param {import('../figure.js').Svg} svg @param {number} width @param {Glow} data */
export function drawGlow(svg, width, { colour, wavelengths, powers, visible }) {
  const top = COIL + 30;
  const bottom = top + HEIGHT;
  svg.attr('height', bottom + AXIS).attr('class', 'glow');
  svg
    .selectAll('rect.night')
    .data([null])
    .join('rect')
    .attr('class', 'night')
    .attr('width', width)
    .attr('height', COIL);
  svg
    .selectAll('path.halo')
    .data([22, 12, 4])
    .join('path')
    .attr('class', (_, index) => `halo halo-${index}`)
    .attr('d', coil(width))
    .attr('stroke-width', (thick) => thick)
    .attr('stroke', colour);

  const x = scaleLinear([0, wavelengths[wavelengths.length - 1]], [PAD, width - PAD]);
  const y = scaleLinear([0, 1], [bottom, top]);
  const at = (/** @type {number} */ wavelength) => {
    const next = wavelengths.findIndex((each) => each > wavelength);
    const part = (wavelength - wavelengths[next - 1]) / (wavelengths[next] - wavelengths[next - 1]);
    return powers[next - 1] + part * (powers[next] - powers[next - 1]);
  };
  const shape = area()
    .x((_, index) => x(wavelengths[index]))
    .y0(bottom)
    .y1((value) => y(Number(value)));
  svg
    .selectAll('path.power')
    .data([powers])
    .join('path')
    .attr('class', 'power')
    .attr('d', (values) => shape(/** @type {any} */ (values)));

  const [from, to] = visible;
  const strips = Array.from({ length: STRIPS }, (_, index) => from + ((to - from) * index) / STRIPS);
  const wide = x((to - from) / STRIPS) - x(0);
  svg
    .selectAll('rect.strip')
    .data(strips)
    .join('rect')
    .attr('class', 'strip')
    .attr('x', (wavelength) => x(wavelength))
    .attr('width', wide + 0.5)
    .attr('y', (wavelength) => y(at(wavelength)))
    .attr('height', (wavelength) => bottom - y(at(wavelength)))
    .attr('fill', (wavelength) => css(matching(Math.min(wavelength * 1000, RED)), 1));
  const outline = line()
    .x((_, index) => x(wavelengths[index]))
    .y((value) => y(Number(value)));
  svg
    .selectAll('path.outline')
    .data([powers])
    .join('path')
    .attr('class', 'outline')
    .attr('d', (values) => outline(/** @type {any} */ (values)));
  const captions = [
    { text: 'seen', at: (from + to) / 2 },
    { text: 'infrared', at: (to + wavelengths[wavelengths.length - 1]) / 2 },
  ];
  svg
    .selectAll('text.caption')
    .data(captions)
    .join('text')
    .attr('class', 'caption')
    .attr('x', (caption) => x(caption.at))
    .attr('y', COIL + 18)
    .text(({ text }) => text);
  const axis = axisBottom(x)
    .ticks(Math.max(3, Math.floor(width / 110)))
    .tickSizeOuter(0);
  drawAxis(svg, axis, { bottom, middle: width / 2, title: 'wavelength in µm' });
}
