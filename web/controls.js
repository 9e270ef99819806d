/** Controls that more than one chapter uses. */
import { el } from './dom.js';
import { EXAMPLES } from './fields.js';
import { patched } from './state.js';

/** @typedef {import('./state.js').Store} Store */

/**
 * Buttons that set a part of the state; the one that is set looks and reads as pressed.
 * @param {HTMLElement} host @param {Store} store @param {{text: string, patch: import('./state.js').Patch}[]} choices
 */
export function choices(host, store, choices) {
  const buttons = choices.map(({ text, patch }) =>
    el('button', { type: 'button', onclick: () => store.set(patch) }, text),
  );
  host.append(...buttons);
  store.subscribe((state) => {
    for (const [index, { patch }] of choices.entries()) {
      buttons[index].setAttribute('aria-pressed', String(patched(state, patch) === state));
    }
  });
}

/** @param {HTMLElement} host @param {Store} store */
export function examples(host, store) {
  choices(
    host,
    store,
    EXAMPLES.map(({ name, logits }) => ({ text: name, patch: { logits } })),
  );
}

/**
 * Does something when no button of the mouse is down: what moves the page between press and release would take the
 * click away from what was pressed.
 * @param {() => void} action
 */
function afterPress(action) {
  if (pressed) addEventListener('pointerup', () => setTimeout(action), { once: true });
  else action();
}

let pressed = false;
for (const type of ['pointerdown', 'pointerup', 'pointercancel']) {
  addEventListener(type, () => {
    pressed = type === 'pointerdown';
  });
}

/**
 * A text field over one value. Text that is no value, or that `set` refuses, is marked and explained, and the state
 * stays what it was; when the field is left, it shows the state again.
 *
 * @template Value
 * @param {HTMLInputElement} input
 * @param {HTMLElement} problem
 * @param {object} rules
 * @param {import('./fields.js').Field<Value>} rules.field
 * @param {() => Value} rules.get
 * @param {(value: Value) => string} rules.set as the store's: what is against it
 * @returns {() => void} shows the value of the state
 */
export function valueField(input, problem, { field, get, set }) {
  const { parse, write = String, expects } = field;

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
    complain(value === undefined ? `Expected ${expects}.` : sentence(set(value)));
  });
  input.addEventListener('blur', () => afterPress(show));
  return () => {
    if (document.activeElement !== input || input.getAttribute('aria-invalid') !== 'true') show();
  };
}

/** @param {string} message of the library @returns {string} an option at its beginning stays as it is written */
export function sentence(message) {
  if (!message) return '';
  return `${/^[a-z]+[A-Z]/.test(message) ? message[0] : message[0].toUpperCase()}${message.slice(1)}.`;
}
