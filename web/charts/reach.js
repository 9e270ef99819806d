import { axisBottom } from 'd3-axis';
import { scaleLinear } from 'd3-scale';
import { REACH } from '../steps.js';
import { AXIS, drawAxis } from './axis.js';
import { widest } from './widest.js';

/**
 * Lanes of scores over the window in which float32 can hold e^x: left of it the power becomes 0, right of it ∞.
 *
 * @typedef {{name: string, score: number}} Point
 * @typedef {{title: string, points: Point[]}} Lane
 */

const LANE = 72;
const TOP = 26;
const PAD = 16;
const RADIUS = 6;
const TITLE = 8; // pixels between the window's edge and a lane's title
const GAP = 24; // pixels between two labels of one lane

/** @param {number} score @returns {'lost' | 'kept' | 'overflow'} */
export function fate(score) {
  if (score < REACH[0]) return 'lost';
  return score > REACH[1] ? 'overflow' : 'kept';
}

/** Marks differ in shape, not only in colour. */
const SHAPES = {
  kept: `M${-RADIUS} 0A${RADIUS} ${RADIUS} 0 1 1 ${RADIUS} 0A${RADIUS} ${RADIUS} 0 1 1 ${-RADIUS} 0Z`,
  lost: `M${-RADIUS} ${-RADIUS}H${RADIUS}V${RADIUS}H${-RADIUS}Z`,
  overflow: `M0 ${-RADIUS - 2}L${RADIUS + 2} ${RADIUS}H${-RADIUS - 2}Z`,
};

/**
 * One name per place: points that are too close for names of their own share one.
 * @param {Point[]} points @param {(score: number) => number} x @returns {{at: number, text: string}[]}
 */
function labels(points, x) {
  /** @type {Point[][]} */
  const groups = [];
  for (const point of [...points].sort((a, b) => a.score - b.score)) {
    const group = groups.at(-1);
    const last = group?.at(-1);
    if (group && last && x(point.score) - x(last.score) < GAP) group.push(point);
    else groups.push([point]);
  }
  return groups.map((group) => ({
    at: (x(group[0].score) + x(group[group.length - 1].score)) / 2,
    text: group.length > 4 ? `${group.length} scores` : group.map((point) => point.name).join(' '),
  }));
}

/** @param {import('../figure.js').Svg} svg @param {number} width @param {Lane[]} lanes */
export function drawReach(svg, width, lanes) {
  const scores = lanes.flatMap(({ points }) => points.map(({ score }) => score));
  const low = Math.min(REACH[0] - 40, ...scores);
  const high = Math.max(REACH[1] + 40, ...scores);
  const x = scaleLinear([low, high], [PAD, width - PAD]);
  const [from, to] = REACH.map((score) => x(score));
  const bottom = TOP + lanes.length * LANE;
  svg.attr('height', bottom + AXIS).attr('class', 'reach');

  svg
    .selectAll('rect.window')
    .data([[from, to]])
    .join('rect')
    .attr('class', 'window')
    .attr('x', ([start]) => start)
    .attr('y', TOP)
    .attr('width', ([start, end]) => end - start)
    .attr('height', bottom - TOP);

  const captions = [
    { at: (PAD + from) / 2, text: 'becomes 0', room: from - PAD },
    { at: (from + to) / 2, text: 'float32 holds eˣ', room: to - from },
    { at: (to + width - PAD) / 2, text: 'becomes ∞', room: width - PAD - to },
  ];
  svg
    .selectAll('text.caption')
    .data(captions)
    .join('text')
    .attr('class', 'caption')
    .attr('x', ({ at }) => at)
    .attr('y', TOP - 9)
    .text(({ text, room }) => (room >= text.length * 6.5 ? text : (text.split(' ').at(-1) ?? '')));

  const groups = svg
    .selectAll('g.lane')
    .data(lanes)
    .join((enter) => {
      const g = enter.append('g').attr('class', 'lane');
      g.append('path');
      g.append('text').attr('class', 'title').attr('y', -29);
      return g;
    })
    .attr('transform', (_, index) => `translate(0 ${TOP + index * LANE + 50})`);
  groups.select('path').attr('d', `M${PAD} 0H${width - PAD}`);
  const titles = groups.select('.title').text(({ title }) => title);
  const room = widest(titles.nodes());
  const beside = room < from - PAD || from + TITLE + room > width; // otherwise the window's edge would cross them
  titles.attr('x', beside ? PAD : from + TITLE);

  groups
    .selectAll('path.point')
    .data(({ points }) => points)
    .join('path')
    .attr('transform', ({ score }) => `translate(${x(score)} 0)`)
    .attr('class', ({ score }) => `point ${fate(score)}`)
    .attr('d', ({ score }) => SHAPES[fate(score)]);
  groups
    .selectAll('text.name')
    .data(({ points }) => labels(points, x))
    .join('text')
    .attr('class', 'name')
    .attr('x', ({ at }) => at)
    .attr('y', -11)
    .text(({ text }) => text);

  const axis = axisBottom(x)
    .ticks(Math.max(3, Math.floor(width / 90)))
    .tickSizeOuter(0);
  drawAxis(svg, axis, { bottom, middle: width / 2, title: 'x' });
}
