/** Elements in one call: HTML, and MathML for formulas whose numbers change. */
import { parts } from './format.js';

const MATHML = 'http://www.w3.org/1998/Math/MathML';

/** @typedef {Node | string} Child */

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, string | number | boolean | ((event: Event) => void)>} [attributes] `on…`: a listener;
 *   true: an attribute without value; false: none
 * @param {Child[]} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(key.slice(2), value);
    else if (value !== false) element.setAttribute(key, value === true ? '' : String(value));
  }
  element.append(...children);
  return element;
}

/** @param {ParentNode} root @param {string} selector @returns {HTMLElement} never null: the page and the script belong together */
export function find(root, selector) {
  const element = root.querySelector(selector);
  if (!(element instanceof HTMLElement)) throw new Error(`${selector} is missing in the page`);
  return element;
}

/** @param {ParentNode} root @param {string} selector @returns {HTMLInputElement} */
export function findInput(root, selector) {
  return /** @type {HTMLInputElement} */ (find(root, selector));
}

/** @param {string} tag @param {Child[]} children @returns {Element} */
function mathml(tag, ...children) {
  const element = document.createElementNS(MATHML, tag);
  element.append(...children);
  return element;
}

/** @param {Child[]} children */
export const math = (...children) => mathml('math', ...children);
/** @param {Child[]} children */
export const row = (...children) => mathml('mrow', ...children);
/** @param {string} text */
export const mi = (text) => mathml('mi', text);
/** @param {string} text parentheses stay as high as the text @param {'prefix' | 'infix'} [form] where its place does not say it */
export function mo(text, form) {
  const element = mathml('mo', text);
  if (form) element.setAttribute('form', form);
  if (/^[()]$/.test(text)) element.setAttribute('stretchy', 'false');
  return element;
}
/** @param {string} text */
export const mn = (text) => mathml('mn', text);
/** @param {Child} base @param {Child} exponent */
export const sup = (base, exponent) => mathml('msup', base, exponent);
/** @param {Child} base @param {Child} index */
export const sub = (base, index) => mathml('msub', base, index);
/** @param {Child} child */
export const msqrt = (child) => mathml('msqrt', child);
/** @param {Child} over @param {Child} under @returns {Element} in full size, also inside a line of text */
export function frac(over, under) {
  const element = mathml('mfrac', over, under);
  element.setAttribute('displaystyle', 'true');
  return element;
}

/** Digits with their sign as an operator, which is how MathML spaces and reads it. @param {string} digits */
const signed = (digits) =>
  digits.startsWith('\u2212') ? row(mo('\u2212'), mn(digits.slice(1))) : mn(digits);

/** A value in a formula, as format.number writes it. @param {number} value @returns {Element} */
export function quantity(value) {
  const { digits, exponent } = parts(value);
  if (exponent === undefined) return signed(digits);
  const power = exponent < 0 ? row(mo('\u2212'), mn(String(-exponent))) : mn(String(exponent));
  return row(signed(digits), mo('×'), sup(mn('10'), power));
}

/** The natural logarithm, set apart from its argument. @param {Child} argument @returns {Element} */
export function ln(argument) {
  const space = mathml('mspace');
  space.setAttribute('width', '0.2em');
  return row(mi('ln'), space, argument);
}

/** A typed number in a formula. @param {string} text from format.typed */
export const literal = (text) => signed(text);

/** Formulas one after the other that may wrap between, not inside, them. @param {Element} host @param {Element[]} formulas */
export function setTerms(host, formulas) {
  host.replaceChildren(...formulas.map((formula) => el('li', {}, formula)));
}
