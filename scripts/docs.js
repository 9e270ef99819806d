// docs/options.md and docs/engines.md, from the tables that the library itself reads: `node scripts/docs.js`, or
// `make docs`. tests/docs.test.js fails where they are not what this writes.
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ABOVE_0, BELOW_1 } from '../js/check.js';
import { ENGINES, MAKERS } from '../js/engines.js';
import { OPTIONS } from '../js/options.js';
import { rulesOf } from '../js/order.js';
import { NOTES } from './notes.js';

const WRITTEN = 'Written by `make docs` from the tables that the library reads; do not edit.';

const cell = (text) => String(text).replaceAll('|', '\\|').replaceAll('\n', ' ');
const row = (...cells) => `| ${cells.map(cell).join(' | ')} |`;
const table = (head, rows) =>
  [row(...head), row(...head.map(() => '---')), ...rows.map((r) => row(...r))].join('\n');
const code = (text) => `\`${text}\``;

/** @param {unknown} value */
function show(value) {
  if (value === null) return 'none';
  if (value instanceof Map) return show([...value]);
  return code(
    typeof value === 'string' ? `'${value}'` : Array.isArray(value) ? JSON.stringify(value) : String(value),
  );
}

const FARTHEST = 1e300;

/** Values of the kinds that no interval tells. */
const KINDS = {
  boolean: '`true` or `false`',
  tokens: 'tokens',
  allowed: 'tokens, or null',
  sequences: 'an array of token sequences',
  forced: 'a Map or an object from position to token',
  lengthPenalty: '`{ start, factor }`',
  order: 'an engine or an array of stages',
};
const OF_TABLES = {
  bias: 'a Map or an object from token to ',
  sequenceBias: 'pairs of a token sequence and ',
};

/** @param {{ min?: number | string, max?: number, values?: readonly string[], kind: string }} option */
function interval({ min, max, values, kind }) {
  if (values) return values.map((v) => code(`'${v}'`)).join(', ');
  if (KINDS[kind]) return KINDS[kind];
  if (min === undefined || max === undefined) return kind;
  const noun = kind === 'integer' || kind === 'seed' ? 'integer' : '';
  const start = OF_TABLES[kind] ?? (noun && `${noun}, `);
  const low = min < -FARTHEST ? min === -Infinity : min;
  if (low === false && max > FARTHEST) return `${start}any finite number`;
  const least = low === true ? '-Infinity' : low === false ? 'finite' : min;
  const most =
    max > FARTHEST || max === Number.MAX_SAFE_INTEGER ? (max === Infinity ? 'Infinity' : '') : String(max);
  return most === '' ? `${start}from ${least}` : `${start}${least} to ${most}`;
}

/** Engines whose order has an option. @param {{ name: string, stage: string | null }} option */
function holders({ name, stage }) {
  const engines = Object.keys(ENGINES).filter((engine) => {
    if (!ENGINES[engine].order) return false;
    const { order, lacks } = rulesOf('docs', engine);
    return (stage === null || order.includes(stage)) && !lacks.includes(name);
  });
  return engines.length === Object.values(ENGINES).filter(({ order }) => order).length
    ? 'all'
    : engines.join(', ');
}

/** @returns {string} docs/options.md */
export function optionsPage() {
  const rows = Object.values(OPTIONS).map((option) => [
    code(option.name),
    option.stage ? code(option.stage) : '',
    show(option.neutral),
    interval(option),
    option.does,
    option.source,
    holders(option),
  ]);
  return `# Options of a Sampler

${WRITTEN}

Every option has a neutral value, with which its stage changes no bit. Logarithms and entropies are natural: nats. Stages
act in the order \`${rulesOf('docs', 'logitkit').order.join(', ')}, draw\` unless \`order\` says otherwise; each sees the
survivors of the one before, renormalised. \`src/logitkit.h\` ("The chain") has every definition to the bit.

${table(['option', 'stage', 'neutral', 'values', 'what it does', 'formula or source', 'orders that have it'], rows)}
`;
}

/** @param {string} name */
function engineSection(name) {
  const { preset, params, others, lacks } = MAKERS[name]();
  const { title, order } = ENGINES[name];
  const { read, proof, differs } = NOTES[name];
  const parts = [`## ${title}: \`'${name}'\``, `Read: ${read}. Proof: ${proof}.`];
  if (order) parts.push(`Order: \`${rulesOf('docs', name).order.join(', ')}, draw\`.`);
  if (differs.length > 0)
    parts.push(`Otherwise than 'logitkit':\n\n${differs.map((d) => `- ${d}`).join('\n')}`);
  const defaults = Object.entries(preset).filter(([option]) => option !== 'order');
  const told =
    defaults.map(([option, value]) => `${code(option)} ${show(value)}`).join(', ') || 'all neutral';
  parts.push(`Preset: ${told}.`);
  if (params) {
    const rows = params.map(({ name: param, option, min, max }) => [
      code(param),
      code(option),
      min === undefined && max === undefined
        ? 'as ours'
        : interval({
            ...OPTIONS[option],
            ...(min === undefined ? {} : { min: min === ABOVE_0 ? 'above 0' : min }),
            ...(max === undefined ? {} : { max: max === BELOW_1 ? 'below 1' : max }),
          }),
    ]);
    parts.push(table(['parameter', 'option', 'values there'], rows));
  }
  const named = Object.entries({ ...others, ...lacks });
  if (named.length > 0) {
    /** @type {Map<string, string[]>} */
    const byReason = new Map();
    for (const [param, why] of named) byReason.set(why, [...(byReason.get(why) ?? []), code(param)]);
    const list = [...byReason].map(([why, names]) => `- ${names.join(', ')}: ${why}`);
    parts.push(`Named in \`unsupported\`, and why:\n\n${list.join('\n')}`);
  }
  return parts.join('\n\n');
}

/** @returns {string} docs/engines.md */
export function enginesPage() {
  const yes = (is) => (is ? 'yes' : '');
  const rows = Object.entries(ENGINES).map(([name, e]) => [
    code(`'${name}'`),
    yes(e.order),
    yes(e.presets),
    yes(e.toEngine),
    yes(e.fromEngine),
    NOTES[name].proof,
  ]);
  return `# Engines

${WRITTEN}

An engine's name as \`order\` sets rules: which stages there are, in which order, and where they do something else. It sets
no option: \`presets[name]\` has the engine's defaults. \`toEngine(options, name)\` and \`fromEngine(params, name)\` translate;
what cannot be expressed is in \`unsupported\`, each with its reason. An option that an engine does not have, refuses, or
would ignore beside the others is a \`RangeError\` that names both.

Of logits that are exactly equal at the edge of a truncation an engine may keep another one than we do, unless its rule is
named below; and engines round where they round. Random numbers are always logitkit's: with the same seed an engine draws
other tokens from the same law.

${table(['name', 'order', 'presets', 'toEngine', 'fromEngine', 'proof'], rows)}

${Object.keys(ENGINES).map(engineSection).join('\n\n')}
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = new URL('../docs/', import.meta.url);
  mkdirSync(folder, { recursive: true });
  writeFileSync(new URL('options.md', folder), optionsPage());
  writeFileSync(new URL('engines.md', folder), enginesPage());
}
