/** The three browsers, each as something that opens a page and reads what it left in `<html data-result>`. */
import { chromium } from 'playwright-core';
import { BROWSERS, CHROMIUM_FLAGS, installed } from '../../browser/browsers.js';
import { startWebKit } from './webkit.js';

const PATIENCE = 30000;

/** @param {{ launch: () => Promise<import('playwright-core').Browser> }} browser */
async function start({ launch }) {
  const running = await launch();
  return {
    version: running.version(),
    async read(/** @type {string} */ url) {
      const context = await running.newContext();
      try {
        const page = await context.newPage();
        /** @type {string[]} */
        const complaints = [];
        page.on('console', (message) => complaints.push(message.text()));
        page.on('pageerror', (error) => complaints.push(String(error)));
        await page.goto(url);
        const given = () => document.documentElement.dataset.result !== undefined;
        await page.waitForFunction(given, undefined, { timeout: PATIENCE }).catch(() => {
          throw new Error(`${url} gave no result within ${PATIENCE / 1000} s: ${complaints.join('; ')}`);
        });
        return await page.evaluate(() => document.documentElement.dataset.result ?? '');
      } finally {
        await context.close();
      }
    },
    close: () => running.close(),
  };
}

export const ENGINES = [
  ...BROWSERS.map((browser) => ({ name: browser.name, start: () => start(browser) })),
  { name: 'WebKitGTK', start: startWebKit },
];

/** Chromium with WebGPU computed by SwiftShader on the processor: there need not be a graphics card. */
export const startWebGpu = () =>
  start({
    launch: () =>
      chromium.launch({
        executablePath: installed('/usr/bin/chromium', 'chromium'),
        headless: true,
        args: [
          ...CHROMIUM_FLAGS.filter((flag) => flag !== '--disable-gpu'),
          '--enable-unsafe-webgpu',
          '--use-webgpu-adapter=swiftshader',
        ],
      }),
  });
