import { scaleLinear } from 'd3-scale';
import { spread } from './spread.js';
import { widest } from './widest.js';

/**
 * Energy levels at their heights, each with a bar for its share, and a dashed line at the mean.
 *
 * @typedef {{name: string, energy: number, share: number, text: string}} Level
 * @typedef {{levels: Level[], mean: number, meanText: string}} Levels
 */

const HEIGHT = 270;
const PAD = 14;
const BAR = 10;
const LABEL = 17; // pixels of height that a name needs
const LIFT = 12; // pixels between the mean's line and the middle of its name

/** @param {import('../figure.js').Svg} svg @param {number} width @param {Levels} data */
export function drawLevels(svg, width, { levels, mean, meanText }) {
  const tall = Math.max(HEIGHT, (levels.length + 1) * LABEL + 2 * PAD);
  svg.attr('height', tall).attr('class', 'levels');
  const energies = levels.map(({ energy }) => energy);
  const [low, high] = [Math.min(...energies), Math.max(...energies)];
  const y = scaleLinear(low === high ? [low - 1, high + 1] : [low, high], [tall - PAD, PAD]);
  const tops = spread(
    energies.map((energy) => y(energy)),
    LABEL,
    tall - PAD,
  );
  const groups = svg
    .selectAll('g.level')
    .data(levels)
    .join((enter) => {
      const g = enter.append('g').attr('class', 'level');
      g.append('path');
      g.append('rect');
      g.append('text').attr('class', 'name');
      g.append('text').attr('class', 'value');
      return g;
    });
  const names = groups.select('.name').text(({ name }) => name);
  const values = groups.select('.value').text(({ text }) => text);
  const left = widest(names.nodes()) + 12;
  const right = Math.max(left + 1, width - widest(values.nodes()) - 12);
  names.attr('x', left - 12).attr('y', (_, index) => tops[index]);
  values.attr('x', width - 1).attr('y', (_, index) => tops[index]);
  groups.select('path').attr('d', ({ energy }) => `M${left} ${y(energy)}H${right}`);
  groups
    .select('rect')
    .attr('x', left)
    .attr('y', ({ energy }) => y(energy) - BAR / 2)
    .attr('height', BAR)
    .attr('width', ({ share }) => (share === 0 ? 0 : Math.max(1.5, share * (right - left))));
  svg
    .selectAll('path.mean')
    .data([y(mean)])
    .join('path')
    .attr('class', 'mean')
    .attr('d', (at) => `M${left} ${at}H${right}`);
  svg
    .selectAll('text.mean')
    .data([meanText])
    .join('text')
    .attr('class', 'mean')
    .attr('x', right - 4)
    .attr('y', y(mean) + (y(mean) < PAD + LABEL ? LIFT : -LIFT))
    .text((text) => text);
}
