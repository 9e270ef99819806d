/** Controls that more than one chapter uses. */
import { el } from './dom.js';
import { EXAMPLES } from './state.js';

/** @typedef {import('./state.js').State} State */
/** @typedef {import('./state.js').Store} Store */

/**
 * Buttons that set a part of the state; the one that is set looks and reads as pressed.
 * @param {HTMLElement} host @param {Store} store @param {{text: string, patch: Partial<State>}[]} choices
 */
export function choices(host, store, choices) {
  const buttons = choices.map(({ text, patch }) =>
    el('button', { type: 'button', onclick: () => store.set(patch) }, text),
  );
  host.append(...buttons);
  store.subscribe((state) => {
    for (const [index, { patch }] of choices.entries()) {
      const entries = /** @type {[keyof State, unknown][]} */ (Object.entries(patch));
      const pressed = entries.every(([name, value]) => String(state[name]) === String(value));
      buttons[index].setAttribute('aria-pressed', String(pressed));
    }
  });
}

/** @param {HTMLElement} host @param {Store} store */
export function examples(host, store) {
  choices(
    host,
    store,
    EXAMPLES.map(({ name, scores }) => ({ text: name, patch: { scores, worked: 0 } })),
  );
}

/**
 * A text field over one value. Text that is no value is marked and explained, and the state stays what it was; when
 * the field is left, it shows the state again.
 *
 * @template Value
 * @param {HTMLInputElement} input
 * @param {HTMLElement} problem
 * @param {object} rules
 * @param {(text: string) => Value | undefined} rules.parse
 * @param {(value: Value) => string} rules.write
 * @param {() => Value} rules.get
 * @param {(value: Value) => void} rules.set
 * @param {string} rules.expects
 * @returns {() => void} shows the value of the state
 */
export function valueField(input, problem, { parse, write, get, set, expects }) {
  /** @param {string} message */
  function complain(message) {
    input.toggleAttribute('aria-invalid', message !== '');
    if (message) input.setAttribute('aria-invalid', 'true');
    if (problem.textContent !== message) problem.textContent = message;
  }
  function show() {
    const parsed = parse(input.value.trim());
    if (document.activeElement === input && parsed !== undefined && write(parsed) === write(get())) return;
    input.value = write(get());
    complain('');
  }
  input.addEventListener('input', () => {
    const value = parse(input.value.trim());
    complain(value === undefined ? `Expected ${expects}.` : '');
    if (value !== undefined) set(value);
  });
  input.addEventListener('blur', show);
  return () => {
    if (document.activeElement !== input || input.getAttribute('aria-invalid') !== 'true') show();
  };
}
