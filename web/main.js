import { mount as draw } from './chapters/draw.js';
import { CHAPTERS } from './chapters/list.js';
import { mount as scores } from './chapters/scores.js';
import { mount as temperature } from './chapters/temperature.js';
import { examples } from './controls.js';
import { find } from './dom.js';
import { createStore, readAddress, writeAddress } from './state.js';

/** @type {Record<string, typeof draw>} */
const MOUNTS = { scores, temperature, draw };
const IDS = CHAPTERS.map(({ id }) => id);
const QUIET = 400; // milliseconds without a change before the address is written and the result is spoken

const first = readAddress(location.hash, IDS);
const store = createStore(first.state);
let chapter = first.chapter;

/** @param {string[]} ignored */
function showIgnored(ignored) {
  const notice = find(document, '#notice');
  notice.hidden = ignored.length === 0;
  notice.textContent = `This part of the address was not understood and is left out: ${ignored.join('; ')}.`;
}

function writeLocation() {
  history.replaceState(null, '', writeAddress(store.get(), chapter) || location.pathname + location.search);
}

/** Tells a screen reader what the last change did, from the chapter in which it was made. */
function speak() {
  const section = document.activeElement?.closest('section');
  const text = section?.querySelector('[data-reading]')?.textContent ?? '';
  find(document, '#live').textContent = text;
}

/** A bare chapter is a link inside the page and keeps the state; anything else is a state of its own. */
function followLocation() {
  const address = readAddress(location.hash, IDS);
  chapter = address.chapter;
  if (!address.bare) {
    store.set(address.state);
    showIgnored(address.ignored);
  }
  writeLocation();
  if (chapter && !address.bare) find(document, `#${chapter}`).scrollIntoView();
}

for (const id of IDS) store.subscribe(MOUNTS[id](find(document, `#${id}`), store));
for (const host of document.querySelectorAll('[data-examples]')) {
  examples(/** @type {HTMLElement} */ (host), store);
}

showIgnored(first.ignored);
if (chapter) find(document, `#${chapter}`).scrollIntoView();

let timer = 0;
let loading = true;
store.subscribe(() => {
  if (loading) return;
  clearTimeout(timer);
  timer = window.setTimeout(() => {
    writeLocation();
    speak();
  }, QUIET);
});
loading = false;
addEventListener('hashchange', followLocation);
