/** Makes the page work without a network from the second visit on. */
import { scriptUrl } from './trusted.js';

/** Whether it worked makes no difference to this visit, so a refusal is not a fault of the page. */
export function keepOffline() {
  if (!('serviceWorker' in navigator) || !isSecureContext) return;
  navigator.serviceWorker.register(scriptUrl('sw.js')).catch(() => {});
}
