/** Drives the benchmark page in Chromium and Firefox. */
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.wasm': 'application/wasm',
};

/** A page that is cross-origin isolated gets the finest clock its browser has. */
const ISOLATION = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
};

const BROWSERS = {
  chromium: {
    type: 'chromium',
    options: {
      executablePath: '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-sync',
      ],
    },
  },
  firefox: {
    type: 'firefox',
    options: { channel: 'moz-firefox', executablePath: '/usr/bin/firefox-esr' },
  },
};

function serve(folder) {
  const server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname));
    let file = join(folder, path);
    if (file.endsWith(sep)) file = join(file, 'index.html');
    if (!file.startsWith(folder + sep) || !existsSync(file) || !statSync(file).isFile()) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, {
      ...ISOLATION,
      'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
    });
    createReadStream(file).pipe(response);
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = /** @type {import('node:net').AddressInfo} */ (server.address());
      resolve({ url: `http://127.0.0.1:${address.port}/`, close: () => server.close() });
    });
  });
}

/** Whether the browser is installed here. */
export const installed = (name) => existsSync(BROWSERS[name].options.executablePath);

/**
 * @param {'chromium' | 'firefox'} name
 * @param {string} folder   dist/bench
 * @param {object} options  what the page's `bench` takes
 * @param {(line: string) => void} say
 */
export async function runInBrowser(name, folder, options, say) {
  const playwright = await import('playwright-core');
  const { type, options: launch } = BROWSERS[name];
  const browser = await playwright[type].launch({ headless: true, ...launch });
  const server = await serve(folder);
  try {
    const page = await browser.newPage();
    const faults = [];
    page.on('pageerror', (error) => faults.push(String(error)));
    page.on('console', (message) => say(message.text()));
    page.setDefaultTimeout(0);
    await page.goto(`${server.url}page/`);
    try {
      await page.waitForFunction('typeof bench === "function"', undefined, { timeout: 30000 });
    } catch (error) {
      throw new Error(`the page did not start: ${faults.join('; ') || error.message}`);
    }
    const result = await page.evaluate((given) => globalThis.bench(given), options);
    return { version: browser.version(), ...result };
  } finally {
    server.close();
    await browser.close();
  }
}
