/** The line at the bottom of a chart, with its title below. */

/** Pixels that it takes. */
export const AXIS = 44;

/**
 * @param {import('../figure.js').Svg} svg
 * @param {import('d3-axis').Axis<any>} axis
 * @param {{bottom: number, middle: number, title: string}} place where the line runs, and what it measures
 */
export function drawAxis(svg, axis, { bottom, middle, title }) {
  const group = svg.selectAll('g.bottom').data([null]).join('g').attr('class', 'axis bottom');
  group.attr('transform', `translate(0 ${bottom})`);
  axis(/** @type {any} */ (group));
  svg
    .selectAll('text.axis-title')
    .data([title])
    .join('text')
    .attr('class', 'axis-title')
    .attr('x', middle)
    .attr('y', bottom + AXIS - 6)
    .text((text) => text);
}
