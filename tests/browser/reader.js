/** What a reader of the page does and sees, for tests; and numbers that are close. */
import assert from 'node:assert/strict';

/** @typedef {import('playwright-core').Page} Page */

/** @param {number[]} actual @param {ArrayLike<number>} expected @param {number} [relative] @param {number} [absolute] */
export function close(actual, expected, relative = 1e-6, absolute = 2 ** -126) {
  assert.equal(actual.length, expected.length);
  for (const [index, value] of actual.entries()) {
    const tolerance = relative * Math.abs(expected[index]) + absolute;
    assert.ok(
      Math.abs(value - expected[index]) <= tolerance,
      `[${index}]: ${value}, expected ${expected[index]}`,
    );
  }
}

/** Until a part of the address stands there. @param {Page} page @param {string} part */
export const address = (page, part) => page.waitForFunction((each) => location.hash.includes(each), part);

/**
 * Types over what a field has, as a reader does: fill() does not replace the text of number fields in Firefox.
 * @param {Page} page @param {string} selector @param {string} typed
 */
export async function enter(page, selector, typed) {
  await page.focus(selector);
  await page.keyboard.press('Control+A');
  await page.keyboard.press('Delete');
  await page.keyboard.type(typed);
}

/** @param {Page} page @param {string} selector */
export const text = (page, selector) => page.$eval(selector, (element) => (element.textContent ?? '').trim());

/**
 * A state of its own, until all chapters show it and the worker has answered. The page may be about to write the state it
 * had before into the address: then it is asked again.
 * @param {Page} page @param {string} state
 */
export async function show(page, state) {
  await page.waitForFunction(
    (wanted) => {
      const parts = (/** @type {string | undefined} */ text) =>
        text
          ?.replace(/^#(v=1$)?/, '')
          .split('&')
          .sort()
          .join('&');
      const shown = document.querySelector('main')?.dataset.shown;
      if (parts(location.hash) !== parts(wanted) || shown === undefined) {
        location.hash = wanted || '#v=1';
        return false;
      }
      return parts(shown) === parts(wanted) && !document.querySelector('[data-busy]');
    },
    state ? `#v=1&${state}` : '',
  );
}

/** The number a formula ends with, in plain digits or with a power of ten. @param {string} written */
export function result(written) {
  const [, digits] = written.match(/=([^=]*)$/) ?? ['', ''];
  if (digits === '∞') return Infinity;
  const [mantissa, power = '0'] = digits.replaceAll('−', '-').split('×10');
  return Number(mantissa) * 10 ** Number(power);
}

/** @param {string} written @param {number} value to four digits */
export const isResult = (written, value) =>
  assert.ok(
    result(written) === value || Math.abs(result(written) / value - 1) < 6e-4,
    `${written}: expected ${value}`,
  );
