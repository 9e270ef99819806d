/**
 * WebKitGTK, driven by plain WebDriver over HTTP: the engine of Safari, and no library here drives Debian's build of it.
 * It needs a display, so it brings one (Xvfb).
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const BROWSERS = [
  '/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser',
  '/usr/lib/x86_64-linux-gnu/webkit2gtk-4.0/MiniBrowser',
  '/usr/lib/x86_64-linux-gnu/webkitgtk-6.0/MiniBrowser',
];
const PATIENCE = 20000;

const pause = (/** @type {number} */ ms) => new Promise((done) => setTimeout(done, ms));

/** @returns {Promise<number>} a port that nothing listens at */
function freePort() {
  const server = createServer();
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
      server.close(() => resolve(port));
    });
  });
}

/** The command, which lives until it is killed. @param {string} command @param {string[]} args @param {object} [options] */
function run(command, args, options) {
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'ignore'], ...options });
  child.on('error', () => {});
  return child;
}

/** A display of its own; Xvfb chooses the number and says it. @returns {Promise<{ display: string, stop: () => void }>} */
function startDisplay() {
  const args = ['-displayfd', '1', '-screen', '0', '1280x900x24', '-nolisten', 'tcp'];
  const child = run('Xvfb', args, { stdio: ['ignore', 'pipe', 'ignore'] });
  return new Promise((resolve, reject) => {
    child.once('error', () => reject(new Error('Xvfb is missing: install the package xvfb')));
    child.once('exit', () => reject(new Error('Xvfb ended')));
    child.stdout?.once('data', (number) => {
      resolve({ display: `:${String(number).trim()}`, stop: () => child.kill() });
    });
  });
}

/** @param {string} url @param {string} [method] @param {object} [body] @returns {Promise<any>} */
async function ask(url, method = 'GET', body = undefined) {
  const response = await fetch(url, { method, body: body && JSON.stringify(body) });
  const { value } = await response.json();
  if (!response.ok) throw new Error(`WebKitWebDriver: ${value?.error}: ${value?.message}`);
  return value;
}

/** @returns {Promise<{ version: string, read: (url: string) => Promise<string>, close: () => Promise<void> }>} */
export async function startWebKit() {
  const binary = BROWSERS.find((path) => existsSync(path));
  if (!binary) throw new Error('MiniBrowser is missing: install the package webkit2gtk-driver');
  const folder = mkdtempSync(join(tmpdir(), 'logitkit-webkit-'));
  const screen = await startDisplay();
  const port = await freePort();
  const env = {
    ...process.env,
    DISPLAY: screen.display,
    GDK_BACKEND: 'x11',
    NO_AT_BRIDGE: '1',
    WEBKIT_DISABLE_DMABUF_RENDERER: '1',
    WEBKIT_DISABLE_COMPOSITING_MODE: '1',
    LIBGL_ALWAYS_SOFTWARE: '1',
    XDG_RUNTIME_DIR: folder,
    HOME: folder,
  };
  const driver = run('WebKitWebDriver', [`--port=${port}`], { env });
  const base = `http://127.0.0.1:${port}/session`;
  const stop = () => {
    driver.kill();
    screen.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  const options = { binary, args: ['--automation'] };
  const wish = { alwaysMatch: { browserName: 'MiniBrowser', 'webkitgtk:browserOptions': options } };
  try {
    let session;
    for (let waited = 0; session === undefined; waited += 100) {
      session = await ask(base, 'POST', { capabilities: wish }).catch((error) => {
        if (waited > PATIENCE || !(error instanceof TypeError)) throw error;
      });
      if (session === undefined) await pause(100);
    }
    const at = `${base}/${session.sessionId}`;
    return {
      version: session.capabilities.browserVersion,
      async read(url) {
        await ask(`${at}/url`, 'POST', { url });
        const script = 'return document.documentElement.dataset.result ?? null';
        for (let waited = 0; waited < PATIENCE; waited += 50) {
          const result = await ask(`${at}/execute/sync`, 'POST', { script, args: [] });
          if (result !== null) return result;
          await pause(50);
        }
        throw new Error(`WebKitGTK: ${url} gave no result within ${PATIENCE / 1000} s`);
      },
      async close() {
        await ask(at, 'DELETE').catch(() => {});
        stop();
      },
    };
  } catch (error) {
    stop();
    throw error;
  }
}
