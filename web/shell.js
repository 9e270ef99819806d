/** What belongs to the page and to no chapter: undo and redo, the link, stories, and what the reader is told. */
import { el, find } from './dom.js';
import { LOGITS, ORDER } from './fields.js';
import { patched } from './state.js';
import { STORIES } from './stories.js';

const TYPED = ['text', 'number', 'search', 'url'];

/** Says something to the reader, on the page and to a screen reader. @param {string} text */
export function tell(text) {
  find(document, '#said').textContent = text;
  find(document, '#live').textContent = text;
}

/** Whether a key belongs to the field that has the focus, which has an undo of its own. */
function isTyping() {
  const focused = document.activeElement;
  return focused instanceof HTMLInputElement && TYPED.includes(focused.type);
}

/** @param {import('./state.js').Store} store */
function mountHistory(store) {
  const undo = find(document, '#undo');
  const redo = find(document, '#redo');
  // After the frame in which the chapters follow, and with it the message that was there before goes.
  const step = (/** @type {'undo' | 'redo'} */ way) => {
    store[way]();
    requestAnimationFrame(() => tell(way === 'undo' ? 'Undone.' : 'Done again.'));
  };
  undo.addEventListener('click', () => step('undo'));
  redo.addEventListener('click', () => step('redo'));
  addEventListener('keydown', (event) => {
    const key = event.key.toLowerCase();
    if (!(event.ctrlKey || event.metaKey) || event.altKey || isTyping()) return;
    if (key !== 'z' && key !== 'y') return;
    event.preventDefault();
    const way = key === 'y' || event.shiftKey ? 'redo' : 'undo';
    if (store.can()[way]) step(way);
  });
  store.subscribe(() => {
    const can = store.can();
    // A focused button that is disabled loses the keyboard: the other one takes it over.
    const focused = document.activeElement;
    undo.toggleAttribute('disabled', !can.undo);
    redo.toggleAttribute('disabled', !can.redo);
    if (focused === undo && !can.undo) redo.focus();
    if (focused === redo && !can.redo) undo.focus();
    find(document, '#said').textContent = '';
  });
}

/** @param {() => void} writeLocation */
function mountLink(writeLocation) {
  find(document, '#copy').addEventListener('click', async () => {
    writeLocation();
    try {
      await navigator.clipboard.writeText(location.href);
      tell('The link is in the clipboard.');
    } catch {
      document.querySelector('#link')?.remove();
      const field = el('input', { type: 'text', id: 'link', readonly: true, value: location.href });
      field.setAttribute('aria-label', 'The link to this state');
      find(document, '#dock').append(field);
      field.select();
      tell('This browser does not give the clipboard away: copy the link from the field.');
    }
  });
}

/** @param {import('./state.js').Store} store */
function mountStories(store) {
  const says = find(document, '#story');
  const buttons = STORIES.map(({ name, patch }) =>
    el('button', { type: 'button', onclick: () => store.load(patch) }, name),
  );
  find(document, '#stories').append(...buttons);
  /** @type {import('./stories.js').Story | undefined} */
  let told;
  store.subscribe((state) => {
    const story = STORIES.find(({ patch }) => isTold(state, patch));
    for (const [index, button] of buttons.entries()) {
      button.setAttribute('aria-pressed', String(STORIES[index] === story));
    }
    if (story === told) return;
    told = story;
    if (story) {
      const link = el('a', { href: `#${story.chapter}` }, 'See what it does');
      says.replaceChildren(`${story.text} `, link, '.');
    } else says.replaceChildren();
  });
}

/**
 * Whether logits and chain are those of a story; drawing, or another seed, does not end it.
 * @param {import('./state.js').State} state @param {import('./state.js').Patch} patch
 */
function isTold(state, { logits = LOGITS.initial, order = ORDER.initial, ...rest }) {
  const told = patched(state, { ...rest, logits, order }) === state;
  return told && Object.keys(state.options).every((name) => name in (rest.options ?? {}));
}

/** @param {import('./state.js').Store} store @param {() => void} writeLocation */
export function mountShell(store, writeLocation) {
  mountHistory(store);
  mountLink(writeLocation);
  mountStories(store);
  find(document, '#start-over').addEventListener('click', () => store.load({}));
}
