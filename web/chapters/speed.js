import { asker } from '../ask.js';
import { drawTimings } from '../charts/timings.js';
import { find } from '../dom.js';
import { figure } from '../figure.js';
import { number, typed } from '../format.js';

/** @typedef {import('../jobs/speed.js').Timings} Timings */

/** @param {number[]} sorted */
const median = (sorted) => sorted[Math.floor(sorted.length / 2)];

/** @type {(host: HTMLElement, parts: import('../figure.js').Parts<Timings>) => (timings: Timings) => void} */
const speedFigure = figure;

/** @param {Timings[number]} timing */
const titled = ({ who, temperature }) => `${who}, T = ${typed(temperature)}`;

/** @param {HTMLElement} host */
const timingsFigure = (host) =>
  speedFigure(host, {
    draw: (svg, width, timings) =>
      drawTimings(
        svg,
        width,
        timings.map((timing) => ({
          title: titled(timing),
          times: timing.times,
          median: median(timing.times),
          text: `${number(median(timing.times))} µs`,
        })),
      ),
    label: (timings) =>
      `Median times: ${timings.map((timing) => `${titled(timing)}: ${number(median(timing.times))} microseconds`).join('; ')}`,
    table: (timings) => ({
      head: ['What', 'Median, µs', 'Fastest', 'Slowest'],
      rows: timings.map((timing) => [
        titled(timing),
        median(timing.times),
        timing.times[0],
        timing.times[timing.times.length - 1],
      ]),
    }),
  });

/** @param {number} from @param {number} to how much less, as text */
function saving(from, to) {
  const part = 1 - to / from;
  return part > 0.02 ? `${Math.round(part * 100)}% less` : 'no less';
}

/** @type {import('./mounts.js').Mount} */
export function mount(section, store) {
  const host = find(section, '#figure-speed');
  const update = timingsFigure(host);
  const button = find(section, '#speed-run');
  const says = find(section, '#speed-state');
  const ask = asker(section, 'speed', (timings) => {
    host.hidden = false;
    update(timings);
    const of = (/** @type {string} */ who, /** @type {number} */ temperature) => {
      const found = timings.find((each) => each.who === who && each.temperature === temperature);
      return median(found?.times ?? []);
    };
    const [library, plain] = [of('logitkit', 0.8), of('plain JavaScript', 0.8)];
    find(section, '[data-reading]').textContent =
      `At T = 0.8 a token takes ${number(library)} µs with logitkit and ${number(plain)} µs in plain JavaScript, ` +
      `${number(plain / library)} times as long.`;
    find(section, '#speed-skips').textContent = ['logitkit', 'plain JavaScript']
      .map(
        (who) =>
          `In ${who}, T = 1 takes ${saving(of(who, 0.8), of(who, 1))} time than T = 0.8, and T = 0 takes ${saving(of(who, 0.8), of(who, 0))}.`,
      )
      .join(' ');
    says.textContent = 'Measured.';
    button.toggleAttribute('disabled', false);
    button.textContent = 'Measure again';
    button.focus();
  });
  button.addEventListener('click', () => {
    button.toggleAttribute('disabled', true);
    says.textContent = 'Measuring…';
    ask({ shape: store.get().truncation.shape });
  });
  return () => {};
}
