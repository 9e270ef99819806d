/**
 * The service worker: keeps a copy of every file of the site and answers with it when the network does not. As long as
 * there is a network the page is as fresh as without it.
 */
/** @type {any} */
const worker = globalThis;
const PREFIX = `logitkit ${worker.registration.scope} `;
/** @type {string} of the content of all files: build.js puts it here */
const version = /** @type {any} */ (self).VERSION;
/** @type {string[]} relative to the site: likewise */
const files = /** @type {any} */ (self).FILES;

async function install() {
  const cache = await caches.open(PREFIX + version);
  await cache.addAll(files.map((file) => new Request(file, { cache: 'reload' })));
  await worker.skipWaiting();
}

async function activate() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith(PREFIX) && name !== PREFIX + version);
  await Promise.all(old.map((name) => caches.delete(name)));
  await worker.clients.claim();
}

/** @param {Request} request */
async function answer(request) {
  try {
    return await fetch(request);
  } catch (error) {
    const cache = await caches.open(PREFIX + version);
    const kept = await cache.match(request, { ignoreSearch: true });
    if (kept) return kept;
    throw error;
  }
}

worker.addEventListener('install', (/** @type {any} */ event) => event.waitUntil(install()));
worker.addEventListener('activate', (/** @type {any} */ event) => event.waitUntil(activate()));
worker.addEventListener('fetch', (/** @type {any} */ event) => {
  const { request } = event;
  if (request.method === 'GET' && request.url.startsWith(worker.registration.scope)) {
    event.respondWith(answer(request));
  }
});
