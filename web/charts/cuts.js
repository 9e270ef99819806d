import { axisBottom, axisLeft } from 'd3-axis';
import { scaleLog } from 'd3-scale';
import { area, line } from 'd3-shape';
import { AXIS, drawAxis } from './axis.js';
import { powers, tenTo } from './powers.js';

/**
 * Probabilities of a whole vocabulary, sorted, over their rank, both logarithmic; below them a lane for each filter, on
 * the same axis: a bar over the ranks that it keeps, dashes over those that it removes. The filter that is looked at
 * cuts the curve as well.
 *
 * @typedef {{name: string, title: string, text: string, first: number, last: number}} Lane
 * @typedef {object} Cuts
 * @property {number[]} ranks
 * @property {number[]} probs `probs[i]` belongs to `ranks[i]`
 * @property {number} size of the vocabulary
 * @property {Lane[]} lanes
 * @property {string} look at the lane of this name
 */

const HEIGHT = 230;
const TOP = 12;
const LEFT = 50;
const RIGHT = 26;
const LANE = 38;
const BAR = 8;
const LOWEST = 1e-16; // what is drawn of small probabilities

/** @param {import('../figure.js').Svg} svg @param {number} width @param {Cuts} data */
export function drawCuts(svg, width, { ranks, probs, size, lanes, look }) {
  const seen = ranks.map((rank, index) => [rank, probs[index]]).filter(([, p]) => p >= LOWEST);
  const lowest = Math.min(0.1, seen[seen.length - 1][1]);
  const bottom = TOP + HEIGHT;
  const x = scaleLog([1, size], [LEFT, width - RIGHT]);
  const y = scaleLog([lowest, 1], [bottom, TOP]);
  svg.attr('height', bottom + AXIS + lanes.length * LANE).attr('class', 'cuts');

  const looked = lanes.find(({ name }) => name === look) ?? lanes[0];
  const [from, to] = [x(looked.first), x(Math.max(looked.last, looked.first * 1.02))];
  const under = area()
    .x(([rank]) => x(rank))
    .y0(bottom)
    .y1(([, p]) => y(p));
  const along = line()
    .x(([rank]) => x(rank))
    .y(([, p]) => y(p));
  const kept = seen.filter(([rank]) => rank >= looked.first && rank <= looked.last);
  svg
    .selectAll('path.under')
    .data([kept])
    .join('path')
    .attr('class', 'under')
    .attr('d', (points) => under(/** @type {any} */ (points)));
  const parts = [
    { part: 'removed', points: seen.filter(([rank]) => rank <= looked.first) },
    { part: 'removed', points: seen.filter(([rank]) => rank >= looked.last) },
    { part: 'kept', points: kept.length > 1 ? kept : [] },
  ];
  svg
    .selectAll('path.curve')
    .data(parts)
    .join('path')
    .attr('class', ({ part }) => `curve ${part}`)
    .attr('d', ({ points }) => along(/** @type {any} */ (points)));
  svg
    .selectAll('path.border')
    .data([to, ...(looked.first > 1 ? [from] : [])])
    .join('path')
    .attr('class', 'border')
    .attr('d', (at) => `M${at} ${TOP}V${bottom}`);

  const scale = svg.selectAll('g.scale').data([null]).join('g').attr('class', 'scale axis');
  scale.attr('transform', `translate(${LEFT} 0)`);
  axisLeft(y)
    .tickValues(powers(lowest, 1, 8))
    .tickFormat((value) => tenTo(Number(value)))
    .tickSizeOuter(0)(/** @type {any} */ (scale));
  const axis = axisBottom(x)
    .tickValues(powers(1, size, Math.max(3, Math.floor(width / 90))))
    .tickFormat((value) => Number(value).toLocaleString('en'))
    .tickSizeOuter(0);
  drawAxis(svg, axis, { bottom, middle: (LEFT + width - RIGHT) / 2, title: 'rank of the token' });
  drawLanes(svg, width, x, bottom + AXIS, lanes, looked);
}

/**
 * @param {import('../figure.js').Svg} svg @param {number} width
 * @param {import('d3-scale').ScaleLogarithmic<number, number>} x
 * @param {number} top @param {Lane[]} lanes @param {Lane} looked
 */
function drawLanes(svg, width, x, top, lanes, looked) {
  const rows = svg
    .selectAll('g.lane')
    .data(lanes)
    .join((enter) => {
      const g = enter.append('g');
      g.append('rect').attr('class', 'ground');
      g.append('path').attr('class', 'removed');
      g.append('path').attr('class', 'kept');
      g.append('text').attr('class', 'title');
      g.append('text').attr('class', 'text');
      return g;
    })
    .attr('class', (lane) => (lane === looked ? 'lane looked' : 'lane'))
    .attr('data-cut', ({ name }) => name)
    .attr('transform', (_, index) => `translate(0 ${top + index * LANE})`);
  rows
    .select('.ground')
    .attr('width', width)
    .attr('height', LANE - 2)
    .attr('rx', 4);
  const end = (/** @type {Lane} */ { last }) => Math.max(x(last), x(1) + 2);
  rows
    .select('.removed')
    .attr('d', (lane) => `M${x(1)} ${LANE - 11}H${x(lane.first)}M${end(lane)} ${LANE - 11}H${width - RIGHT}`);
  rows.select('.kept').attr('d', (lane) => {
    const [start, stop] = [x(lane.first), end(lane)];
    return `M${start} ${LANE - 11 - BAR / 2}H${Math.max(stop, start + 2)}v${BAR}H${start}Z`;
  });
  rows
    .select('.title')
    .attr('x', 6)
    .attr('y', 17)
    .text(({ title }) => title);
  rows
    .select('.text')
    .attr('x', width - RIGHT)
    .attr('y', 17)
    .text(({ text }) => text);
}
