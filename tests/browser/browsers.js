/** The two browsers, and pages in them that fail a test for what they say or ask for. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium, firefox } from 'playwright-core';

export const SITE = fileURLToPath(new URL('../../dist/site', import.meta.url));
export const DIST = fileURLToPath(new URL('../../dist', import.meta.url));

export const CHROMIUM_FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** @param {string} path @param {string} name of the Debian package */
export function installed(path, name) {
  if (!existsSync(path)) throw new Error(`${path} is missing: install the package ${name}`);
  return path;
}

/**
 * `dark` has to be known at the launch, because Firefox takes it from its settings only.
 * @type {{name: string, launch: (dark?: boolean) => Promise<import('playwright-core').Browser>}[]}
 */
export const BROWSERS = [
  {
    name: 'Chromium',
    launch: () =>
      chromium.launch({
        executablePath: installed('/usr/bin/chromium', 'chromium'),
        headless: true,
        args: CHROMIUM_FLAGS,
      }),
  },
  {
    name: 'Firefox',
    launch: (dark = false) =>
      firefox.launch({
        channel: 'moz-firefox',
        executablePath: installed('/usr/bin/firefox-esr', 'firefox-esr'),
        headless: true,
        firefoxUserPrefs: { 'ui.systemUsesDarkTheme': dark ? 1 : 0, 'ui.prefersReducedMotion': 1 },
      }),
  },
];

/**
 * A page of its own profile, opened at url. `verify` fails if the page reported an error or a warning, or asked for
 * anything but files of the server; `close` verifies and closes.
 * @param {import('playwright-core').Browser} browser @param {string} url
 * @param {{width?: number, height?: number, colorScheme?: 'light' | 'dark'}} [options]
 */
export async function open(browser, url, { width = 1280, height = 900, colorScheme } = {}) {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme,
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  const { origin } = new URL(url);
  /** @type {string[]} */
  const complaints = [];
  /** @type {string[]} */
  const requests = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => requests.push(request.url()));
  await page.goto(url);
  const verify = () => {
    assert.deepEqual(complaints, []);
    assert.deepEqual(
      requests.filter((asked) => new URL(asked).origin !== origin && !asked.startsWith('data:')),
      [],
    );
    assert.ok(requests.length > 1, 'the page and its script were requested');
  };
  const close = async () => {
    verify();
    await context.close();
  };
  return { page, verify, close };
}

/**
 * The columns of the table behind a figure, by header.
 * @param {import('playwright-core').Page} page @param {string} figure
 * @returns {Promise<Record<string, number[]>>}
 */
export function columns(page, figure) {
  return page.$eval(`${figure} table`, (table) => {
    const heads = [...table.querySelectorAll('thead th')].map((cell) => cell.textContent ?? '');
    const rows = [...table.querySelectorAll('tbody tr')];
    return Object.fromEntries(
      heads.map((head, at) => [
        head,
        rows.map((row) => Number(row.children[at].querySelector('data')?.getAttribute('value') ?? NaN)),
      ]),
    );
  });
}
