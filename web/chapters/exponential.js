import { softmax } from 'logitkit';
import { drawCompare } from '../charts/compare.js';
import { choices } from '../controls.js';
import { el, find } from '../dom.js';
import { EXAMPLES, PRIVATE } from '../fields.js';
import { figure } from '../figure.js';
import { name, named, number, percent, typed } from '../format.js';
import { slider } from '../slider.js';
import { share } from '../steps.js';

/** @type {{name: string, of: (scores: number[]) => number[]}[]} */
const MAPS = [
  { name: 'eˣ', of: (scores) => Array.from(softmax(scores)) },
  { name: '|x|', of: (scores) => share(scores.map(Math.abs)) },
  { name: 'x²', of: (scores) => share(scores.map((x) => x * x)) },
];
const SETS = [
  ...EXAMPLES.map(({ name, logits }) => ({ text: name, patch: { logits } })),
  { text: '−100 and 100', patch: { logits: [-100, 100] } },
];
const SEEN = 1e-6; // a smaller difference is rounding

/** @param {number[]} scores @param {number} by */
function compute(scores, by) {
  const moved = scores.map((x) => x + by);
  return {
    scores,
    moved,
    by,
    maps: MAPS.map(({ name, of }) => ({ name, before: of(scores), after: of(moved) })),
  };
}

/** @typedef {ReturnType<typeof compute>} Compared */

/**
 * Two scores of which the lower has no less than the higher, worst first.
 * @param {number[]} scores @param {number[]} shares @returns {[number, number] | undefined}
 */
function wronged(scores, shares) {
  for (let low = 0; low < scores.length; low++) {
    for (let high = 0; high < scores.length; high++) {
      const lost = scores[low] < scores[high] && shares[low] > 0 && shares[low] >= shares[high];
      if (lost) return [low, high];
    }
  }
  return undefined;
}

/** What one way does to these scores. @param {Compared} compared @param {Compared['maps'][number]} map */
function finding({ moved, by }, { before, after }) {
  if (after.some(Number.isNaN)) return 'every score is 0: it divides by zero.';
  const pair = wronged(moved, after);
  const order = pair
    ? `${named(pair[0], moved[pair[0]])} gets no less than ${named(pair[1], moved[pair[1]])}.`
    : 'a higher score never gets less.';
  const changes = after.map((p, index) => Math.abs(p - before[index]));
  const most = changes.indexOf(Math.max(...changes));
  if (by === 0) return order;
  if (changes[most] < SEEN) return `${order} Adding ${typed(by)} to every score changes nothing.`;
  return `${order} Adding ${typed(by)} moves ${name(most)} from ${percent(before[most])} to ${percent(after[most])}.`;
}

/** @param {HTMLElement} section */
function mapsFigure(section) {
  return figure(find(section, '#figure-maps'), {
    /** @param {import('../figure.js').Svg} svg @param {number} width @param {Compared} compared */
    draw(svg, width, { moved, maps }) {
      const groups = moved.map((x, index) => {
        const values = maps.map(({ after }) => after[index]);
        return {
          name: named(index, x),
          values: values.map((value) => (Number.isNaN(value) ? 0 : value)),
          texts: values.map(number),
        };
      });
      drawCompare(svg, width, { groups, domain: [0, 1] });
    },
    label: ({ maps }) =>
      `Shares: ${maps.map(({ name, after }) => `by ${name} ${after.map(number).join(', ')}`).join('; ')}`,
    table: ({ moved, by, maps }) => ({
      head: ['Name', 'Score + c', ...maps.map(({ name }) => name), ...(by === 0 ? [] : heads(maps))],
      rows: moved.map((x, index) => [
        name(index),
        { value: x, text: typed(x) },
        ...maps.map(({ after }) => after[index]),
        ...(by === 0 ? [] : maps.map(({ before }) => before[index])),
      ]),
    }),
  });
}

/** @param {Compared['maps']} maps */
const heads = (maps) => maps.map(({ name }) => `${name} at c = 0`);

/** @type {import('./mounts.js').Mount} */
export function mount(section, store) {
  const update = mapsFigure(section);
  choices(find(section, '#exponential-scores'), store, SETS);
  slider(find(section, '#exponential-control'), store, {
    id: 'exponential-by',
    label: 'Add to every score',
    symbol: 'c',
    field: PRIVATE.exponential.by,
    range: [-20, 20],
    step: 0.5,
    get: (state) => state.exponential.by,
    patch: (by) => ({ exponential: { by } }),
  });

  return ({ logits, exponential: { by } }) => {
    const compared = compute([...logits], by);
    update(compared);
    const findings = compared.maps.map((map) =>
      el('li', {}, el('b', {}, `${map.name}:`), ` ${finding(compared, map)}`),
    );
    find(section, '#map-findings').replaceChildren(...findings);
    const [powers] = compared.maps;
    const top = powers.after.indexOf(Math.max(...powers.after));
    find(section, '[data-reading]').textContent =
      `${name(top)} gets ${compared.maps.map(({ name, after }) => `${percent(after[top])} by ${name}`).join(', ')}.`;
  };
}
