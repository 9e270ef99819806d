// Rules of this repository that no common linter knows: `node scripts/lint.js` checks every file that git tracks or
// would track. tests/build.test.js checks the rules themselves.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { transformSync } from 'esbuild';

/** The functions of Math that give the same bits everywhere; all else is computed by the C core. */
const SAME_BITS = ['fround', 'imul', 'clz32', 'sqrt', 'abs', 'floor', 'min', 'max', 'trunc'];
/** How long a source file may be. */
const LINES = 400;

/** @type {import('esbuild').TransformOptions} */
const WITHOUT_COMMENTS = { minifyWhitespace: true, legalComments: 'none' };

/**
 * @typedef {object} Rule
 * @property {RegExp} files which paths it is for
 * @property {RegExp} pattern what must not occur; global
 * @property {boolean} [code] look at the program only: comments are left out, and so are line numbers
 * @property {string} message
 */

/** @type {Rule[]} */
const RULES = [
  {
    files: /^js\/.*\.js$/,
    pattern: new RegExp(
      String.raw`\bMath\b(?!\.(?:${SAME_BITS.join('|')})\b)|(?<!\b2n?)\*\*|\*\*(?!\d)`,
      'g',
    ),
    code: true,
    message: `numbers pass through no Math function but ${SAME_BITS.join(', ')}, and through ** only for powers of 2 that are constants`,
  },
  {
    files: /^(?:js|web)\/(?!build\.js$).*\.js$/,
    pattern: /\b(?:from|import|require)\s*\(?\s*["']node:[^"']*/g,
    code: true,
    message: 'a browser has no modules of Node',
  },
  {
    files: /^js\/.*\.js$/,
    pattern: /\bimport\.meta\b/g,
    code: true,
    message: 'what is published knows no import.meta',
  },
  {
    files: /\.test\.js$/,
    pattern: /\.(?:skip|todo|only)\s*\(|[{,]\s*(?:skip|todo|only)\s*:/g,
    code: true,
    message: 'every test runs',
  },
  {
    files: /(?<!package-lock\.json)$/,
    pattern: /\b(?:TO)DO\b|\b(?:FIX)ME\b|\b(?:X)XX\b|\b(?:HA)CK\b/g,
    message: 'open work belongs into an issue',
  },
  {
    files: /(?:)/,
    pattern: /(?<![\w.}*$])\/(?:tmp|work|root)\/|\bregistry\.[\w.]+\.\w+|"resolv[e]d":/g,
    message: 'no path of a machine and no address of a registry',
  },
];

/**
 * What is wrong with one file.
 * @param {string} path relative to the repository
 * @param {string} text
 * @returns {string[]} a message for each finding
 */
export function check(path, text) {
  /** @type {string[]} */
  const found = [];
  const program = /\.js$/.test(path) ? transformSync(text, WITHOUT_COMMENTS).code : text;
  for (const { files, pattern, code, message } of RULES) {
    if (!files.test(path)) continue;
    for (const match of (code ? program : text).matchAll(pattern)) {
      const line = code ? '' : `:${text.slice(0, match.index).split('\n').length}`;
      found.push(`${path}${line}: '${match[0]}': ${message}`);
    }
  }
  const lines = text.split('\n').length - 1;
  if (/^(?:src|js|web)\//.test(path) && lines > LINES)
    found.push(`${path}: ${lines} lines, at most ${LINES}`);
  return found;
}

/** The files of the repository that hold text. @returns {string[]} */
export function files() {
  const listed = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const paths = execFileSync('git', listed, { encoding: 'utf8' }).split('\0');
  return paths.filter((path) => existsSync(path) && !/\.(?:png|ico|woff2|onnx|wasm|bin)$/.test(path));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const found = files().flatMap((path) => check(path, readFileSync(path, 'utf8')));
  for (const message of found) console.error(message);
  if (found.length > 0) process.exit(1);
}
