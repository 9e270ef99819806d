/** The page for everyone: axe, the keyboard, narrow screens, targets that can be hit. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { after, before, describe, test } from 'node:test';
import { serve } from '../../scripts/serve.js';
import { BROWSERS, open, SITE } from './browsers.js';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const LONG = '-1.2345678e-200,120,-203.123456789,1e300,2,3,4,5,6,7,8,9,10,11,12,13';
/** Rules that depend on what is drawn; the others see the same document in every theme, width and browser. */
const DRAWN = ['color-contrast', 'link-in-text-block', 'scrollable-region-focusable', 'target-size'];
const STATES = [
  '',
  '#v=1&x=-12,120,-203,2&temperature=20&draw.count=1100',
  `#v=1&x=${LONG}&temperature=0.01&draw.count=100&q=1`,
  '#v=1&method=gumbel&temperature=1.5&topP=0.95&minP=0.01&draw.count=2000',
];

/**
 * Which states axe sees where: it takes long, and the document is the same everywhere.
 * @typedef {{scheme: 'light' | 'dark', state: string, widths: number[]}} Case
 * @type {Record<string, Case[]>}
 */
const CASES = {
  Chromium: [
    { scheme: 'light', state: STATES[0], widths: [1280, 360] },
    { scheme: 'light', state: STATES[2], widths: [1280] },
    { scheme: 'dark', state: STATES[1], widths: [1280, 360] },
  ],
  Firefox: [
    { scheme: 'light', state: STATES[1], widths: [360] },
    { scheme: 'dark', state: STATES[0], widths: [1280] },
  ],
};

/** @type {Awaited<ReturnType<typeof serve>>} */
let server;
before(async () => {
  server = await serve(SITE);
});
after(() => server.close());

/** @param {import('playwright-core').Page} page */
const openTables = (page) =>
  page.$$eval('details', (all) => {
    for (const details of all) /** @type {HTMLDetailsElement} */ (details).open = true;
  });

/** @param {import('playwright-core').Browser} browser @param {string} name @param {Case} what */
async function inspect(browser, name, { scheme, state, widths }) {
  const axe = await readFile(AXE, 'utf8');
  const colorScheme = name === 'Chromium' ? scheme : undefined;
  const { page, close } = await open(browser, `${server.url}${state}`, { colorScheme });
  const dark = await page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches);
  assert.equal(dark, scheme === 'dark');
  await openTables(page);
  await page.evaluate(axe);
  for (const width of widths) {
    await page.setViewportSize({ width, height: 900 });
    const whole = name === 'Chromium' && scheme === 'light' && width === 1280;
    const { violations, passes } = await page.evaluate(
      (rules) => /** @type {any} */ (globalThis).axe.run(rules ? { runOnly: rules } : {}),
      whole ? null : DRAWN,
    );
    const found = violations.flatMap((/** @type {any} */ rule) =>
      rule.nodes.map((/** @type {any} */ node) => `${rule.id}: ${node.html}: ${node.failureSummary}`),
    );
    assert.deepEqual(found, [], `at ${width}`);
    assert.ok(passes.some((/** @type {any} */ rule) => rule.id === 'color-contrast'));
  }
  await close();
}

for (const { name, launch } of BROWSERS) {
  describe(`the page for everyone in ${name}`, () => {
    /** @type {import('playwright-core').Browser} */
    let browser;
    before(async () => {
      browser = await launch();
    });
    after(() => browser.close());

    for (const each of CASES[name]) {
      const { scheme, state, widths } = each;
      test(`satisfies axe, ${scheme}, ${widths.join(' and ')} px: ${state || 'as it opens'}`, async () => {
        // Firefox takes the theme from its settings, at the launch.
        const own = name === 'Firefox' && scheme === 'dark' ? await launch(true) : undefined;
        try {
          await inspect(own ?? browser, name, each);
        } finally {
          await own?.close();
        }
      });
    }

    // What is widest in Chromium is so in Firefox: there the two states with the longest numbers.
    for (const state of name === 'Firefox' ? STATES.slice(1, 3) : STATES) {
      test(`nothing scrolls sideways from 320 px on: ${state || 'as it opens'}`, async () => {
        const { page, close } = await open(browser, `${server.url}${state}`);
        await openTables(page);
        for (const width of [1920, 1280, 768, 360, 320]) {
          await page.setViewportSize({ width, height: 900 });
          await page.waitForFunction(
            (each) =>
              innerWidth === each &&
              [...document.querySelectorAll('figure')].every(
                (figure) => figure.querySelector('svg')?.clientWidth === figure.clientWidth,
              ),
            width,
          );
          const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
          assert.ok(over <= 0, `${over} px too wide at ${width}`);
        }
        await close();
      });
    }

    test('targets are at least 24 px', async () => {
      const { page, close } = await open(browser, server.url, { width: 360 });
      const small = await page.$$eval('button, input, select, summary, nav a', (all) =>
        all
          .filter((element) => element.checkVisibility())
          .map((element) => ({ html: element.outerHTML, box: element.getBoundingClientRect() }))
          .filter(({ box }) => box.width < 24 || box.height < 24)
          .map(({ html, box }) => `${box.width} x ${box.height}: ${html}`),
      );
      assert.deepEqual(small, []);
      await close();
    });

    test('the keyboard reaches and works every control, and the focus is seen', async () => {
      const { page, close } = await open(browser, server.url);
      // Radio buttons of one name are one stop: arrow keys move between them.
      const wanted = await page.$$eval(
        'a, button:not(:disabled), input, select, summary, [tabindex="0"]',
        (all) => {
          const reached = all.filter((element) => element.checkVisibility());
          const names = reached.map((element, index) =>
            element.getAttribute('type') === 'radio' ? element.getAttribute('name') : index,
          );
          return new Set(names).size;
        },
      );
      const seen = new Set();
      for (let i = 0; i < wanted; i++) {
        await page.keyboard.press('Tab');
        const focus = await page.evaluate(() => {
          const element = /** @type {HTMLElement} */ (document.activeElement);
          const style = getComputedStyle(element);
          const index = [...document.querySelectorAll('*')].indexOf(element);
          return { index, tag: element.tagName, outline: `${style.outlineStyle} ${style.outlineWidth}` };
        });
        seen.add(focus.index);
        assert.equal(focus.outline, 'solid 3px', `${focus.tag} shows its focus`);
      }
      assert.equal(seen.size, wanted);

      await page.focus('#score-1');
      await page.keyboard.press('ArrowUp');
      await page.waitForFunction(() => location.hash.includes('x=2,5,6,3'));
      await page.focus('#draw-one');
      await page.keyboard.press('Enter');
      await page.waitForSelector('#draw[data-drawn="1"]');
      await page.keyboard.press('Space');
      await page.waitForSelector('#draw[data-drawn="2"]');
      await page.focus('summary >> nth=0');
      await page.keyboard.press('Enter');
      await page.waitForSelector('details[open] >> nth=0');
      await close();
    });

    test('paper has no buttons of the window over the text', async () => {
      const { page, close } = await open(browser, server.url);
      // Firefox cannot be asked to show a page as on paper: what holds for print is made to hold for all.
      await page.evaluate(() => {
        const rules = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules]);
        for (const rule of rules) {
          if (rule instanceof CSSMediaRule && rule.media.mediaText === 'print') rule.media.mediaText = 'all';
        }
      });
      assert.equal(await page.isVisible('#dock'), false);
      assert.equal(await page.isVisible('nav'), false);
      assert.equal(await page.isVisible('#figure-probs svg'), true);
      await close();
    });

    test('a live region says what a change did', async () => {
      const { page, close } = await open(browser, server.url);
      assert.equal(await page.$eval('#live', (element) => element.textContent), '');
      await page.focus('#draw-one');
      await page.keyboard.press('Enter');
      await page.waitForFunction(() =>
        document.querySelector('#live')?.textContent?.startsWith('The first token of seed 42 is '),
      );
      await page.focus('#temperature-slider');
      await page.keyboard.press('ArrowRight');
      await page.waitForFunction(() =>
        document.querySelector('#live')?.textContent?.startsWith('At T = 1.1, x₃ leads with '),
      );
      await close();
    });
  });
}
