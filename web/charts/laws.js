import { axisBottom, axisLeft } from 'd3-axis';
import { scaleLog } from 'd3-scale';
import { line } from 'd3-shape';
import { AXIS, drawAxis } from './axis.js';
import { powers, tenTo } from './powers.js';

/**
 * Laws over the same ranks, both axes logarithmic: the first solid, the second dashed and thinner on top of it; each
 * with a mark of its own where it ends.
 *
 * @typedef {{name: string, probs: number[]}} Law `probs[i]` belongs to `ranks[i]`, 0 is not drawn
 * @typedef {{ranks: number[], laws: Law[]}} Laws
 */

const HEIGHT = 240;
const TOP = 14;
const LEFT = 50;
const RIGHT = 26;
const LOWEST = 1e-12; // what is drawn of small probabilities
const MARKS = ['M-6 0A6 6 0 1 1 6 0A6 6 0 1 1 -6 0Z', 'M0 -8L7 6H-7Z'];

/** @param {import('../figure.js').Svg} svg @param {number} width @param {Laws} data */
export function drawLaws(svg, width, { ranks, laws }) {
  const points = laws.map(({ name, probs }, series) => ({
    name,
    series,
    points: ranks.map((rank, index) => [rank, probs[index]]).filter(([, p]) => p >= LOWEST),
  }));
  const lowest = Math.min(0.01, ...points.flatMap((law) => law.points.map(([, p]) => p)));
  const bottom = TOP + HEIGHT;
  const x = scaleLog([1, ranks[ranks.length - 1]], [LEFT, width - RIGHT]);
  const y = scaleLog([lowest, 1], [bottom - 8, TOP]);
  svg.attr('height', bottom + AXIS).attr('class', 'laws');
  const path = line()
    .x(([rank]) => x(rank))
    .y(([, p]) => y(p));
  svg
    .selectAll('path.curve')
    .data(points)
    .join('path')
    .attr('class', ({ series }) => `curve law-${series}`)
    .attr('d', (law) => path(/** @type {any} */ (law.points)));
  svg
    .selectAll('path.end')
    .data(points.filter((law) => law.points.length > 0))
    .join('path')
    .attr('class', ({ series }) => `end law-${series}`)
    .attr('d', ({ series }) => MARKS[series])
    .attr('transform', (law) => {
      const [rank, p] = law.points[law.points.length - 1];
      return `translate(${x(rank)} ${y(p)})`;
    });
  svg
    .selectAll('text.name')
    .data(points.filter((law) => law.points.length > 0))
    .join('text')
    .attr('class', 'name')
    .attr('text-anchor', (law) => (x(law.points[law.points.length - 1][0]) > width - 60 ? 'end' : 'start'))
    .attr('transform', (law) => {
      const [rank, p] = law.points[law.points.length - 1];
      const near = x(rank) > width - 60;
      return `translate(${x(rank) + (near ? -4 - 18 * law.series : 11)} ${y(p) + (law.series === 0 ? -8 : near ? -8 : 16)})`;
    })
    .text(({ name }) => name);

  const scale = svg.selectAll('g.scale').data([null]).join('g').attr('class', 'scale axis');
  scale.attr('transform', `translate(${LEFT} 0)`);
  axisLeft(y)
    .tickValues(powers(lowest, 1, 7))
    .tickFormat((value) => tenTo(Number(value)))
    .tickSizeOuter(0)(/** @type {any} */ (scale));
  const axis = axisBottom(x)
    .tickValues(powers(1, ranks[ranks.length - 1], Math.max(3, Math.floor(width / 90))))
    .tickFormat((value) => Number(value).toLocaleString('en'))
    .tickSizeOuter(0);
  drawAxis(svg, axis, {
    bottom,
    middle: (LEFT + width - RIGHT) / 2,
    title: 'rank of the token, by its score',
  });
}
