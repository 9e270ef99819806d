/** Lists that a reader puts in order. */
import { el } from './dom.js';

/**
 * A list whose items are put in another order: by two buttons each, which every reader can use, and by dragging.
 *
 * @param {HTMLOListElement} list
 * @param {object} rules
 * @param {(keys: string[]) => void} rules.move takes the new order
 * @param {(key: string) => string} rules.name of an item, in what its buttons say
 * @returns {(rows: {key: string, content: (Node | string)[]}[]) => void} shows items in their order
 */
export function sortable(list, { move, name }) {
  /** @type {Map<string, {item: HTMLLIElement, what: HTMLElement, up: HTMLButtonElement, down: HTMLButtonElement}>} */
  const made = new Map();
  const keys = () => [...list.children].map((item) => /** @type {HTMLElement} */ (item).dataset.key ?? '');

  /** @param {string} key @param {number} by */
  function step(key, by) {
    const order = keys();
    const at = order.indexOf(key);
    order.splice(at, 1);
    order.splice(at + by, 0, key);
    move(order);
  }

  /** Neighbours change places with the item, which itself stays in the document: a moved one would lose the pointer. @param {HTMLElement} grip @param {HTMLLIElement} item */
  function draggable(grip, item) {
    /** @type {string[] | null} */
    let before = null;
    grip.addEventListener('pointerdown', (event) => {
      grip.setPointerCapture(event.pointerId);
      before = keys();
      item.classList.add('dragged');
      event.preventDefault();
    });
    grip.addEventListener('pointermove', ({ clientY }) => {
      if (!before) return;
      const [previous, next] = [item.previousElementSibling, item.nextElementSibling];
      if (previous && clientY < middle(previous)) item.after(previous);
      else if (next && clientY > middle(next)) item.before(next);
    });
    const end = () => {
      const moved = before && keys().join() !== before.join();
      before = null;
      item.classList.remove('dragged');
      if (moved) move(keys());
    };
    grip.addEventListener('pointerup', end);
    grip.addEventListener('pointercancel', end);
  }

  /** @param {string} key */
  function make(key) {
    const grip = el('span', { class: 'grip', 'aria-hidden': 'true' }, '\u2630');
    const what = el('span', { class: 'what' });
    const up = el('button', { type: 'button', class: 'small', onclick: () => step(key, -1) }, '↑');
    const down = el('button', { type: 'button', class: 'small', onclick: () => step(key, 1) }, '↓');
    const item = el('li', { 'data-key': key }, grip, what, up, down);
    up.setAttribute('aria-label', `Move ${name(key)} earlier`);
    down.setAttribute('aria-label', `Move ${name(key)} later`);
    draggable(grip, item);
    const parts = { item, what, up, down };
    made.set(key, parts);
    return parts;
  }

  return (rows) => {
    const focused = document.activeElement;
    const parts = rows.map(({ key }) => made.get(key) ?? make(key));
    for (const [index, { what, up, down }] of parts.entries()) {
      what.replaceChildren(...rows[index].content);
      up.toggleAttribute('disabled', index === 0);
      down.toggleAttribute('disabled', index === parts.length - 1);
    }
    const items = parts.map(({ item }) => item);
    if (items.some((item, index) => item !== list.children[index]) || items.length !== list.children.length) {
      list.replaceChildren(...items);
    }
    // A button that moved lost the focus, and one that is disabled now cannot have it: the other one takes it over.
    const owner = parts.find(({ item }) => item.contains(focused));
    if (owner) {
      const other = focused === owner.up ? owner.down : owner.up;
      const target = /** @type {HTMLButtonElement} */ (focused).disabled ? other : focused;
      /** @type {HTMLElement} */ (target).focus();
    }
  };
}

/** @param {Element} element */
function middle(element) {
  const { top, height } = element.getBoundingClientRect();
  return top + height / 2;
}
