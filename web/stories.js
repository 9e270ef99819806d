/**
 * Whole states with a name, and where to see them. What a story does not set becomes initial.
 * @typedef {{name: string, patch: import('./state.js').Patch, text: string, chapter: string}} Story
 */
import { ENGINES, presets } from 'logitkit';

/** Evenly spaced energy levels. */
export const LADDER = [0, -1, -2, -3, -4, -5];

/** @param {'llama.cpp' | 'vllm'} engine @param {string} text @returns {Story} */
function defaultsOf(engine, text) {
  const { order = engine, ...options } = presets[engine];
  return { name: `${ENGINES[engine].title}’s defaults`, patch: { order, options }, text, chapter: 'draw' };
}

/** @type {Story[]} */
export const STORIES = [
  defaultsOf(
    'llama.cpp',
    'Top-k 40, top-p 0.95 and min-p 0.05, in this order, and then a temperature of 0.8.',
  ),
  defaultsOf(
    'vllm',
    'Temperature 1 and no filter at all: every token keeps the probability that softmax gave it.',
  ),
  {
    name: 'Tool call',
    patch: { options: { temperature: 0 } },
    text: 'A command has one right spelling. Temperature 0 takes the highest score; the seed no longer matters.',
    chapter: 'draw',
  },
  {
    name: 'Creative',
    patch: { options: { temperature: 1.3, minP: 0.02, xtcProbability: 0.5 } },
    text: 'A higher temperature, min-p 0.02 against nonsense, and XTC, which in half of the draws removes the leaders and keeps the last token of at least a tenth.',
    chapter: 'draw',
  },
  {
    name: 'antirez’s filter',
    patch: { options: { firstTokenCutoff: 0.7 } },
    text: 'First Token Cutoff 0.7: a token stays if it is at most 70% less likely than the likeliest. It is min-p 0.3, far stricter than the usual 0.05.',
    chapter: 'draw',
  },
  {
    name: 'Absolute zero',
    patch: { logits: LADDER, options: { temperature: 0 } },
    text: 'Six evenly spaced energy levels without heat: everything is in the lowest one.',
    chapter: 'boltzmann',
  },
  {
    name: 'A light bulb',
    patch: { logits: LADDER, options: { temperature: 2 }, boltzmann: { kelvin: 2700 } },
    text: 'A tungsten filament at 2700 K. What makes it glow is softmax, too.',
    chapter: 'filament',
  },
  {
    name: 'Population inversion',
    patch: { logits: LADDER, options: { temperature: -2 } },
    text: 'A negative temperature: the higher a level, the more are in it. A laser needs this; it is hotter than any positive temperature.',
    chapter: 'boltzmann',
  },
];
