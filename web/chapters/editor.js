import { el, find } from '../dom.js';
import { MAX_SCORES, MIN_SCORES, parseNumber } from '../fields.js';
import { name } from '../format.js';

/**
 * The list of score fields. A field that is being edited keeps its text and its focus while the state follows it.
 * @param {HTMLElement} root @param {import('../state.js').Store} store
 */
export function scoreEditor(root, store) {
  const list = find(root, '#score-list');
  const problem = find(root, '#score-problem');
  const add = el('button', { type: 'button', id: 'add-score', onclick: grow }, 'Add a score');
  const last = el('li', { class: 'add' }, add);
  /** @type {HTMLInputElement[]} */
  const inputs = [];

  function grow() {
    store.set({ logits: [...store.get().logits, 0] });
    requestAnimationFrame(() => inputs[inputs.length - 1].select());
  }

  /** @param {number} index */
  function remove(index) {
    store.set({ logits: store.get().logits.filter((_, at) => at !== index) });
    requestAnimationFrame(() => inputs[Math.min(index, inputs.length - 1)].focus());
  }

  /** @param {number} index @param {HTMLInputElement} input */
  function read(index, input) {
    const value = parseNumber(input.value.trim());
    const valid = !Number.isNaN(value);
    input.setAttribute('aria-invalid', String(!valid));
    const message = valid
      ? ''
      : `${name(index)} needs a number such as 3, -1.5 or 1e3; the last one is kept.`;
    if (problem.textContent !== message) problem.textContent = message;
    if (valid) store.set({ logits: store.get().logits.map((score, at) => (at === index ? value : score)) });
  }

  /** @param {number} index @returns {HTMLLIElement} */
  function item(index) {
    const id = `score-${index + 1}`;
    const input = el('input', { type: 'number', step: 'any', id, 'aria-describedby': 'score-problem' });
    input.addEventListener('input', () => read(index, input));
    input.addEventListener('blur', () => show(index, store.get().logits[index]));
    inputs[index] = input;
    return el(
      'li',
      {},
      el('label', { for: id }, name(index)),
      input,
      el(
        'button',
        {
          type: 'button',
          class: 'small',
          'aria-label': `Remove ${name(index)}`,
          onclick: () => remove(index),
        },
        '×',
      ),
    );
  }

  /** @param {number} index @param {number | undefined} score */
  function show(index, score) {
    const input = inputs[index];
    if (!input || score === undefined || (input.value !== '' && Number(input.value) === score)) return;
    input.value = String(score);
    input.setAttribute('aria-invalid', 'false');
    problem.textContent = '';
  }

  list.append(last);
  store.subscribe(({ logits }) => {
    while (inputs.length < logits.length) last.before(item(inputs.length));
    while (inputs.length > logits.length) inputs.pop()?.parentElement?.remove();
    for (const [index, score] of logits.entries()) {
      const editing =
        document.activeElement === inputs[index] && inputs[index].getAttribute('aria-invalid') === 'true';
      if (!editing) show(index, score);
    }
    for (const button of list.querySelectorAll('button.small')) {
      button.toggleAttribute('disabled', logits.length <= MIN_SCORES);
    }
    add.toggleAttribute('disabled', logits.length >= MAX_SCORES);
  });
}
