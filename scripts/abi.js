// The header is the only place where a constant or a layout is written: `node scripts/abi.js src/logitkit.h dist`
// turns it into dist/abi.js, which the wrapper reads.
//
//   constants   every `#define LK_NAME integer` and every enumerator LK_NAME of an `enum`
//   layouts     every struct with the comment line `/* abi */` directly above its typedef; its fields are 8 bytes
//               wide: `double`, `uint64_t`, `int64_t` or `LK_PTR(type)`, each one or an array of constant length
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FIELD_BYTES = 8;
const FIELD = /^(?:double|u?int64_t|LK_PTR\s*\([^)]*\))\s+(\w+)\s*(?:\[([^\]]+)\])?$/;

/** Operators of constant expressions by how strongly they bind. */
const BINARY = new Map([
  ['|', [1, (a, b) => a | b]],
  ['^', [2, (a, b) => a ^ b]],
  ['&', [3, (a, b) => a & b]],
  ['<<', [4, (a, b) => a << b]],
  ['>>', [4, (a, b) => a >> b]],
  ['+', [5, (a, b) => a + b]],
  ['-', [5, (a, b) => a - b]],
  ['*', [6, (a, b) => a * b]],
  ['/', [6, (a, b) => a / b]],
]);

/** Replaces comments by spaces; line breaks stay, so that line numbers do. */
const withoutComments = (text) => text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, (c) => c.replace(/[^\n]/g, ' '));

/** @param {string} name as in C: top_k @returns {string} as in JavaScript: topK */
const camelCase = (name) => name.replace(/_+(\w)/g, (_, letter) => letter.toUpperCase());

/**
 * The value of a C integer constant expression, or undefined if it is none (a float, a string, an unknown name).
 * @param {string} text
 * @param {Map<string, bigint>} known constants defined above it
 * @returns {bigint | undefined}
 */
export function evaluate(text, known) {
  const tokens = text.match(/\w+(?:\.\w*)?|<<|>>|\S/g) ?? [];
  let at = 0;
  const primary = () => {
    const token = tokens[at++] ?? '';
    if (token === '(') {
      const value = expression(0);
      return tokens[at++] === ')' ? value : undefined;
    }
    const sign = { '-': (v) => -v, '+': (v) => v, '~': (v) => ~v }[token];
    if (sign) {
      const value = primary();
      return value === undefined ? undefined : sign(value);
    }
    const digits = /^(0[xX][\da-fA-F]+|\d+)[uUlL]*$/.exec(token);
    return digits ? BigInt(digits[1]) : known.get(token);
  };
  const expression = (least) => {
    let left = primary();
    for (;;) {
      const [strength, apply] = BINARY.get(tokens[at] ?? '') ?? [0, null];
      if (left === undefined || apply === null || strength <= least) return left;
      at++;
      const right = expression(strength);
      left = right === undefined ? undefined : apply(left, right);
    }
  };
  const value = expression(0);
  return at === tokens.length ? value : undefined;
}

/** Every integer LK_ constant of the header, in order. @param {string} text without comments */
function constants(text) {
  /** @type {Map<string, bigint>} */
  const known = new Map();
  const define = /^[ \t]*#[ \t]*define[ \t]+(LK_\w+)[ \t]+((?:\\\n|.)+)|\benum\b[^{;]*\{([^}]*)\}/gm;
  for (const [, name, body, enumerators] of text.matchAll(define)) {
    if (enumerators === undefined) {
      const value = evaluate(body.replaceAll('\\\n', ' '), known);
      if (value !== undefined) known.set(name, value);
      continue;
    }
    let next = 0n;
    for (const enumerator of enumerators.split(',').filter((entry) => entry.trim() !== '')) {
      const [entry, expression] = enumerator.split(/=([\s\S]*)/).map((part) => part.trim());
      const value = expression === undefined ? next : evaluate(expression, known);
      if (value === undefined) throw new SyntaxError(`enumerator ${entry}: cannot evaluate '${expression}'`);
      known.set(entry, value);
      next = value + 1n;
    }
  }
  return new Map([...known].filter(([name]) => name.startsWith('LK_')));
}

/** @param {string} body between the braces @param {string} name @param {Map<string, bigint>} known */
function layout(body, name, known) {
  /** @type {Record<string, number>} */
  const offsets = {};
  let at = 0;
  for (const declaration of body.split(';').map((part) => part.trim().replace(/\s+/g, ' '))) {
    if (declaration === '') continue;
    const [, field, length] = FIELD.exec(declaration) ?? [];
    if (field === undefined) throw new SyntaxError(`struct ${name}: '${declaration}' is no field of 8 bytes`);
    if (camelCase(field) in offsets) throw new SyntaxError(`struct ${name}: ${field} twice`);
    const count = length === undefined ? 1n : evaluate(length, known);
    if (count === undefined || count < 1n)
      throw new SyntaxError(`struct ${name}: length of '${declaration}'`);
    offsets[camelCase(field)] = at;
    at += FIELD_BYTES * Number(count);
  }
  return { offsets, size: at };
}

/**
 * Constants and layouts of a header.
 * @param {string} header its text
 * @returns {{ LK: Record<string, number>, OFFSETS: Record<string, Record<string, number>>, SIZES: Record<string, number> }}
 */
export function parse(header) {
  const text = withoutComments(header);
  const known = constants(text);
  /** @type {ReturnType<typeof parse>} */
  const abi = { LK: {}, OFFSETS: {}, SIZES: {} };
  for (const [name, value] of known) {
    if (!Number.isSafeInteger(Number(value))) throw new RangeError(`${name}: ${value} is no safe integer`);
    abi.LK[name.slice('LK_'.length)] = Number(value);
  }
  for (const mark of header.matchAll(/^[ \t]*\/\* abi \*\/[ \t]*$/gm)) {
    const from = mark.index + mark[0].length;
    const struct = /^\s*typedef\s+struct(?:\s+\w+)?\s*\{([^}]*)\}\s*lk_(\w+)\s*;/.exec(text.slice(from));
    const line = header.slice(0, from).split('\n').length;
    if (!struct) throw new SyntaxError(`line ${line}: no 'typedef struct { ... } lk_name;' below the mark`);
    const { offsets, size } = layout(struct[1], `lk_${struct[2]}`, known);
    abi.OFFSETS[camelCase(struct[2])] = offsets;
    abi.SIZES[camelCase(struct[2])] = size;
  }
  return abi;
}

const MEANING = {
  LK: 'The integer constants of the C core, without their prefix.',
  OFFSETS: 'Where each field of a struct stands, in bytes.',
  SIZES: 'The size of each struct, in bytes.',
};

/** @param {string} header @param {string} folder */
function main(header, folder) {
  let code = `// Generated by scripts/abi.js from ${basename(header)}.\n`;
  let types = code;
  for (const [name, value] of Object.entries(parse(readFileSync(header, 'utf8')))) {
    const text = JSON.stringify(value, null, 2).replace(/"(\w+)":/g, '$1:');
    const heading = `\n/** ${MEANING[name]} */\nexport const ${name}`;
    code += `${heading} = /* @__PURE__ */ Object.freeze(${text});\n`;
    types += `${heading}: ${text.replace(/(\w+:)/g, 'readonly $1').replaceAll(',\n', ';\n')};\n`;
  }
  writeFileSync(join(folder, 'abi.js'), code);
  writeFileSync(join(folder, 'abi.d.ts'), types);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main(process.argv[2], process.argv[3]);
