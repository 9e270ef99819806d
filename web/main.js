import { readAddress, writeAddress } from './address.js';
import { CHAPTERS, PLACES } from './chapters/list.js';
import { MOUNTS } from './chapters/mounts.js';
import { examples } from './controls.js';
import { find } from './dom.js';
import { keepOffline } from './offline.js';
import { quiz } from './quiz.js';
import { mountShell } from './shell.js';
import { createStore } from './state.js';

const IDS = CHAPTERS.map(({ id }) => id);
const SETTLING = 3000; // milliseconds in which the page gets its full length
const QUIET = 400; // milliseconds without a change before the address is written and the result is spoken
const NAMED = 8; // parts of an address that are named when they are not understood
const SLICE = 6; // milliseconds of a frame for chapters that are out of view

const first = readAddress(location.hash, PLACES);
const store = createStore(first.state);
let chapter = first.chapter;

/** @param {string[]} ignored */
function showIgnored(ignored) {
  const notice = find(document, '#notice');
  notice.hidden = ignored.length === 0;
  const more = ignored.length > NAMED ? `; and ${ignored.length - NAMED} more` : '';
  notice.textContent = `This part of the address was not understood and is left out: ${ignored.slice(0, NAMED).join('; ')}${more}.`;
}

function writeLocation() {
  history.replaceState(null, '', writeAddress(store.get(), chapter) || location.pathname + location.search);
}

/** Tells a screen reader what the last change did, from the chapter in which it was made. */
function speak() {
  const section = document.activeElement?.closest('section');
  const text = section?.querySelector('[data-reading]')?.textContent;
  if (text) find(document, '#live').textContent = text;
}

/** A bare chapter is a link inside the page and keeps the state; anything else is a state of its own. */
function followLocation() {
  const address = readAddress(location.hash, PLACES);
  chapter = address.chapter;
  if (!address.bare) {
    store.load(address.state);
    requestAnimationFrame(() => showAll());
    showIgnored(address.ignored);
  }
  writeLocation();
  if (chapter && !address.bare) find(document, `#${chapter}`).scrollIntoView();
}

/**
 * The chapters, each with what it does when the state changes: at once if it is in view or almost, otherwise when the
 * reader comes near or pauses, a few in each frame. Then `data-shown` of <main> names the state that all of them show.
 */
function mountChapters() {
  const mounted = IDS.map((id) => {
    const section = find(document, `#${id}`);
    return { section, update: MOUNTS[id](section, store), near: false, shown: store.get() };
  });
  /** @param {(typeof mounted)[number]} each */
  function show(each) {
    if (each.shown === store.get()) return;
    each.shown = store.get();
    each.update(each.shown);
  }
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        const each = mounted.find(({ section }) => section === target);
        if (!each) continue;
        each.near = isIntersecting;
        if (isIntersecting) show(each);
      }
    },
    { rootMargin: '10%' },
  );
  for (const { section, update, shown } of mounted) {
    update(shown);
    observer.observe(section);
  }
  store.subscribe(() => mounted.filter(({ near }) => near).forEach(show));
  return (then = () => {}) => {
    const state = store.get();
    const next = () => {
      if (store.get() !== state) return; // whoever changed it calls again
      const start = performance.now();
      for (const each of mounted) {
        if (performance.now() - start > SLICE) {
          requestAnimationFrame(next);
          return;
        }
        show(each);
      }
      find(document, 'main').dataset.shown = writeAddress(state, '');
      then();
    };
    next();
  };
}

/**
 * Brings a chapter into view and holds it there while figures above it get their numbers from a worker and grow; the
 * first move of the reader ends that.
 * @param {HTMLElement} section
 */
function keepInView(section) {
  const bring = () => section.scrollIntoView({ behavior: 'instant' });
  const observer = new ResizeObserver(bring);
  const end = () => observer.disconnect();
  for (const type of ['pointerdown', 'wheel', 'touchstart', 'keydown']) {
    addEventListener(type, end, { once: true, passive: true });
  }
  setTimeout(end, SETTLING);
  observer.observe(document.body);
  bring();
}

const showAll = mountChapters();
for (const host of document.querySelectorAll('[data-examples]')) {
  examples(/** @type {HTMLElement} */ (host), store);
}
for (const fieldset of document.querySelectorAll('fieldset.quiz'))
  quiz(/** @type {HTMLElement} */ (fieldset));

mountShell(store, writeLocation);
showIgnored(first.ignored);
if (chapter) keepInView(find(document, `#${chapter}`));

let timer = 0;
let loading = true;
store.subscribe(() => {
  if (loading) return;
  clearTimeout(timer);
  timer = window.setTimeout(() => {
    showAll(() => {
      writeLocation();
      speak();
    });
  }, QUIET);
});
loading = false;
addEventListener('hashchange', followLocation);
keepOffline();
