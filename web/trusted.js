/**
 * The only scripts that this page starts besides its own: files that stand next to it. The policy of the page demands
 * that such addresses come from here, where the browser knows trusted types.
 */
const SCRIPTS = ['sw.js', 'worker.js'];

/** @type {{createPolicy(name: string, rules: {createScriptURL(url: string): string}): {createScriptURL(url: string): any}} | undefined} */
const trustedTypes = /** @type {any} */ (globalThis).trustedTypes;

const policy = trustedTypes?.createPolicy('logitkit', { createScriptURL: (url) => url });

/** @param {string} name of a file beside index.html @returns {string} what Worker and serviceWorker.register take */
export function scriptUrl(name) {
  if (!SCRIPTS.includes(name)) throw new Error(`${name} is no script of this page`);
  return policy ? policy.createScriptURL(name) : name;
}
