import { boltzmann } from 'logitkit';
import { peak, power, VISIBLE, visibleShare } from '../blackbody.js';
import { drawGlow } from '../charts/glow.js';
import { drawLevels } from '../charts/levels.js';
import { drawLines } from '../charts/lines.js';
import { css, total } from '../colour.js';
import { choices } from '../controls.js';
import { find, math, mi, mo, quantity, row, setTerms } from '../dom.js';
import { EXAMPLES, PRIVATE } from '../fields.js';
import { figure } from '../figure.js';
import { number, percent, subscript, typed } from '../format.js';
import { slider, temperatureSlider } from '../slider.js';
import { temperatureOf } from '../state.js';
import { LADDER } from '../stories.js';

const PRESETS = [0, 0.5, 1, 5, Infinity, -5, -0.5];
const KELVINS = [300, 800, 1500, 2700, 5772];
const WARM = Array.from({ length: 51 }, (_, index) => 10 ** (-2 + index / 10));
/** From cold to hot: above zero, without end, and below zero. */
const HEATS = [...WARM, Infinity, ...WARM.map((heat) => -heat).reverse()];
const MARKS = [0.01, 0.1, 1, 10, 100, 1000, Infinity, -1000, -100, -10, -1, -0.1, -0.01];
const FEW = [0.01, 1, Infinity, -1, -0.01];
const ROOMY = 560; // pixels that all marks need
const HOT = 1000; // where the axis leaves the logarithm for the way to ∞
const WAY = 0.7; // how long that is, in powers of ten
const WAVELENGTHS = Array.from({ length: 141 }, (_, index) => 0.2 + index / 50);
const DRAPER = 798; // kelvin: where things begin to glow
const BULB = 2700;
const SETS = [
  ...EXAMPLES.map(({ name, logits }) => ({ text: name, patch: { logits } })),
  { text: 'A ladder', patch: { logits: LADDER } },
];

/** @param {readonly number[]} logits @param {number} temperature */
function compute(logits, temperature) {
  const energies = logits.map((x) => (x === 0 ? 0 : -x));
  return {
    energies,
    temperature,
    ...boltzmann(energies, { temperature }),
    curve: HEATS.map((heat) => boltzmann(energies, { temperature: heat }).meanEnergy),
  };
}

/** @typedef {ReturnType<typeof compute>} Box */

/** Where a temperature lies on the axis from cold to hot, ∞ at 0. @param {number} heat */
function place(heat) {
  if (Math.abs(heat) >= HOT) return (-WAY * HOT) / heat;
  return Math.sign(heat) * (Math.log10(Math.abs(heat) / HOT) - WAY);
}

/** @param {number} index */
const level = (index) => `E${subscript(index + 1)}`;

/** @type {(host: HTMLElement, parts: import('../figure.js').Parts<Box>) => (box: Box) => void} */
const boxFigure = figure;

/** @param {HTMLElement} section */
function boxFigures(section) {
  const levels = boxFigure(find(section, '#figure-levels'), {
    draw: (svg, width, { energies, probs, meanEnergy }) =>
      drawLevels(svg, width, {
        levels: energies.map((energy, index) => ({
          name: `${level(index)} = ${typed(energy)}`,
          energy,
          share: probs[index],
          text: percent(probs[index]),
        })),
        mean: meanEnergy,
        meanText: `mean ${number(meanEnergy)}`,
      }),
    label: ({ energies, probs, meanEnergy }) =>
      `Levels: ${energies.map((energy, index) => `energy ${typed(energy)} has ${percent(probs[index])}`).join(', ')}; ` +
      `mean energy ${number(meanEnergy)}`,
    table: ({ energies, probs }) => ({
      head: ['Level', 'Energy', 'Share'],
      rows: energies.map((value, index) => [level(index), { value, text: typed(value) }, probs[index]]),
    }),
  });
  const mean = boxFigure(find(section, '#figure-mean'), {
    draw: (svg, width, { energies, curve, temperature }) =>
      drawLines(svg, width, {
        series: [{ name: 'mean', ys: curve }],
        xs: HEATS.map(place),
        domain: padded(Math.min(...energies), Math.max(...energies)),
        title: 'temperature T',
        measure: 'mean energy',
        ticks: (width < ROOMY ? FEW : MARKS).map(place),
        tickText: (_, index) => typed((width < ROOMY ? FEW : MARKS)[index]),
        at: temperature === 0 ? null : place(temperature),
      }),
    label: ({ curve }) =>
      `The mean energy rises from ${number(curve[0])} at temperature 0.01 over ${number(curve[WARM.length])} at ∞ ` +
      `to ${number(curve[curve.length - 1])} at −0.01`,
    table: ({ energies }) => ({
      head: ['T', 'Mean energy'],
      rows: MARKS.map((value) => [
        { value, text: typed(value) },
        boltzmann(energies, { temperature: value }).meanEnergy,
      ]),
    }),
  });
  return [levels, mean];
}

/** @param {number} low @param {number} high @returns {[number, number]} */
function padded(low, high) {
  const margin = (high - low) * 0.06 || 1;
  return [low - margin, high + margin];
}

/** All visible light of a body. @param {number} kelvin */
const lightOf = (kelvin) => total((nm) => power(nm / 1000, kelvin));

/** @type {[number, number] | undefined} the logarithms of light where things begin to glow, and of a bulb */
let scale;

/** How bright light looks, by the logarithm: 0 where things begin to glow, 1 for a bulb. @param {number} light */
function brightness(light) {
  scale ??= [Math.log(lightOf(DRAPER)[1]), Math.log(lightOf(BULB)[1])];
  return Math.min(1, Math.max(0, (Math.log(light) - scale[0]) / (scale[1] - scale[0])));
}

/** @param {number} kelvin */
function shine(kelvin) {
  const powers = WAVELENGTHS.map((wavelength) => power(wavelength, kelvin));
  const most = Math.max(...powers);
  const light = lightOf(kelvin);
  return {
    kelvin,
    colour: css(light, brightness(light[1])),
    wavelengths: WAVELENGTHS,
    powers: powers.map((value) => (most > 0 ? value / most : 0)),
    visible: VISIBLE,
    share: visibleShare(kelvin),
  };
}

/** @param {HTMLElement} section */
function glowFigure(section) {
  return figure(find(section, '#figure-glow'), {
    /** @param {import('../figure.js').Svg} svg @param {number} width @param {ReturnType<typeof shine>} glow */
    draw: (svg, width, glow) => drawGlow(svg, width, glow),
    label: ({ kelvin, share }) =>
      `The spectrum at ${typed(kelvin)} kelvin; ${percent(share)} of it is visible`,
    table: ({ powers }) => ({
      head: ['Wavelength in µm', 'Power, largest 1'],
      rows: WAVELENGTHS.map((value, index) => [{ value, text: value.toFixed(2) }, powers[index]]).filter(
        (_, index) => index % 10 === 0,
      ),
    }),
  });
}

/** @param {Box} box @returns {Element[]} */
const terms = ({ meanEnergy, entropy, freeEnergy, heatCapacity }) => [
  math(row(mi('U')), mo('='), quantity(meanEnergy)),
  math(mi('S'), mo('='), quantity(entropy)),
  math(mi('F'), mo('='), mi('U'), mo('−'), mi('T'), mi('S'), mo('='), quantity(freeEnergy)),
  math(mi('C'), mo('='), quantity(heatCapacity)),
];

/** @type {import('./mounts.js').Mount} */
export function mount(section, store) {
  const updates = boxFigures(section);
  const showGlow = glowFigure(section);
  choices(find(section, '#boltzmann-scores'), store, SETS);
  temperatureSlider(find(section, '#boltzmann-control'), store, 'boltzmann', [0.01, 1000]);
  choices(
    find(section, '#boltzmann-presets'),
    store,
    PRESETS.map((temperature) => ({ text: typed(temperature), patch: { options: { temperature } } })),
  );
  slider(find(section, '#kelvin-control'), store, {
    id: 'kelvin',
    label: 'Filament, in kelvin',
    field: PRIVATE.boltzmann.kelvin,
    range: [300, 7000],
    step: 50,
    get: (state) => state.boltzmann.kelvin,
    patch: (kelvin) => ({ boltzmann: { kelvin } }),
  });
  choices(
    find(section, '#kelvin-presets'),
    store,
    KELVINS.map((kelvin) => ({ text: `${kelvin} K`, patch: { boltzmann: { kelvin } } })),
  );
  /** @type {number | undefined} */
  let shown;

  return (state) => {
    const box = compute(state.logits, temperatureOf(state));
    for (const update of updates) update(box);
    setTerms(find(section, '#boltzmann-terms'), terms(box));
    find(section, '[data-reading]').textContent =
      `At T = ${typed(box.temperature)} the mean energy is ${number(box.meanEnergy)}, and the heat capacity, ` +
      `what one more degree costs, ${number(box.heatCapacity)}.`;
    const { kelvin } = state.boltzmann;
    if (kelvin === shown) return;
    shown = kelvin;
    const glow = shine(kelvin);
    showGlow(glow);
    find(section, '#glow-reading').textContent =
      kelvin === 0
        ? 'At 0 K every level but the lowest is empty: no light at all.'
        : `At ${typed(kelvin)} K, ${percent(glow.share)} of the power is visible, and the spectrum is highest around ` +
          `${number(peak(kelvin))} µm${kelvin < DRAPER ? '; the eye sees nothing yet' : ''}.`;
  };
}
