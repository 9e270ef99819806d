/** What belongs to no chapter: undo, links, stories, the library's objections, and the page without a network. */
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { serve } from '../../scripts/serve.js';
import { softmax } from '../oracle/softmax.js';
import { BROWSERS, columns, DIST, open, SITE } from './browsers.js';
import { address, close, enter, text } from './reader.js';

/** @param {import('playwright-core').Page} page */
const hash = (page) => page.evaluate(() => location.hash);

/** @param {import('playwright-core').Page} page */
const initial = (page) => page.waitForFunction(() => !location.hash.includes('v=1'));

test('a first visit loads less than 300 KB', async () => {
  const loaded = (await readdir(SITE)).filter((file) => file !== 'licenses.txt');
  const sizes = await Promise.all(
    loaded.map(async (file) => gzipSync(await readFile(`${SITE}/${file}`)).length),
  );
  const sum = sizes.reduce((total, size) => total + size, 0);
  assert.ok(sum < 300 * 1024, `${sum} bytes gzipped`);
});

for (const { name, launch } of BROWSERS) {
  describe(`the shell of the page in ${name}`, () => {
    /** @type {import('playwright-core').Browser} */
    let browser;
    /** @type {Awaited<ReturnType<typeof serve>>} */
    let server;
    before(async () => {
      server = await serve(SITE);
      browser = await launch();
    });
    after(async () => {
      await browser.close();
      await server.close();
    });

    test('undoes and does again, a drag at once, by button and by key', async () => {
      const { page, close: done } = await open(browser, server.url);
      assert.equal(await page.isDisabled('#undo'), true);
      await page.click('#temperature-presets button:text-is("5")');
      await address(page, 'temperature=5');
      await page.waitForTimeout(700); // what follows sooner is the same change
      await page.focus('#temperature-slider');
      for (let i = 0; i < 4; i++) await page.keyboard.press('ArrowRight');
      await address(page, 'temperature=7.9');
      await page.click('#editor button:has-text("Example B")');
      await address(page, 'x=-12,120,-203,2&temperature=7.9');

      await page.click('#undo');
      await page.waitForFunction(() => document.querySelector('#said')?.textContent === 'Undone.');
      await page.waitForFunction(() => !location.hash.includes('x='));
      assert.equal(await hash(page), '#v=1&temperature=7.9');
      close((await columns(page, '#figure-probs')).Probability, softmax([1, 5, 6, 3]));
      await page.keyboard.press('Control+z');
      await address(page, 'temperature=5');
      await page.keyboard.press('Control+Shift+z');
      await address(page, 'temperature=7.9');
      await page.keyboard.press('Control+y');
      await address(page, 'x=-12,120,-203,2');
      assert.equal(await page.isDisabled('#redo'), true);
      for (let i = 0; i < 3; i++) await page.keyboard.press('Control+z');
      await initial(page);
      assert.equal(await page.isDisabled('#undo'), true);

      // In a field the keys belong to its text.
      await page.click('#temperature-presets button:text-is("2")');
      await address(page, 'temperature=2');
      await page.focus('#seed');
      await page.keyboard.press('Control+z');
      await page.waitForTimeout(600);
      assert.equal(await hash(page), '#v=1&temperature=2');
      await page.click('#start-over');
      await initial(page);
      await page.click('#undo');
      await address(page, 'temperature=2');
      await done();
    });

    test('tells stories, copies links, and passes on what the library refuses', async () => {
      const { page, close: done } = await open(browser, server.url);
      const stories = await page.$$eval('#stories button', (all) => all.map((each) => each.textContent));
      assert.ok(stories.length >= 8);
      const states = new Set();
      for (const story of stories) {
        const button = `#stories button:text-is("${story}")`;
        await page.click(button);
        await page.waitForSelector(`${button}[aria-pressed="true"]`);
        assert.equal(
          await page.locator('#stories [aria-pressed="true"]').count(),
          1,
          `${story} alone is pressed`,
        );
        assert.ok((await text(page, '#story')).length > 40);
        const target = await page.getAttribute('#story a', 'href');
        assert.equal(await page.locator(`main ${target}`).count(), 1);
        const shown = await page.waitForFunction(
          (known) => {
            const { shown } = document.querySelector('main')?.dataset ?? {};
            return shown && !known.includes(shown) && shown;
          },
          [...states],
        );
        states.add(await shown.jsonValue());
      }
      assert.equal(states.size, stories.length);

      await page.click('#stories button:has-text("llama.cpp")');
      await address(page, 'order=llama.cpp');
      assert.match(
        await hash(page),
        /temperature=0\.8&topK=40&topP=0\.95&minP=0\.05&penaltyLastN=64&order=llama\.cpp/,
      );
      await page.click('#stories button:has-text("Absolute zero")');
      await address(page, 'x=0,-1');
      assert.deepEqual((await columns(page, '#figure-levels')).Share, [1, 0, 0, 0, 0, 0]);

      await page.click('#copy');
      await page.waitForFunction(() => document.querySelector('#said')?.textContent !== '');
      const field = await page.$('#link');
      if (field) assert.equal(await field.inputValue(), page.url());

      await page.click('#stories button:has-text("vLLM")');
      await address(page, 'order=vllm');
      await enter(page, '#temperature-number', '-1');
      await page.waitForSelector('#temperature-number[aria-invalid="true"]');
      assert.match(await text(page, '#temperature-problem'), /vLLM refuses it\.$/);
      assert.equal(await hash(page), '#v=1&order=vllm');
      await page.focus('#seed');
      assert.equal(await page.inputValue('#temperature-number'), '1');
      await done();

      const refused = await open(
        browser,
        `${server.url}#v=1&temperature=-1&order=vllm&topP=0.5&topA=2&seed=3`,
      );
      const notice = await text(refused.page, '#notice');
      assert.match(
        notice,
        /topA=2 \(expected a number of at least 0 and at most 1\); the chain \(.*vLLM refuses it\)/,
      );
      assert.equal(await refused.page.inputValue('#seed'), '3');
      assert.equal(await refused.page.inputValue('#temperature-number'), '1');
      await refused.close();
    });

    test('opens without a network after the first visit, in any folder', async () => {
      const temporary = await serve(DIST);
      const { page } = await open(browser, `${temporary.url}site/`);
      await page.evaluate(async () => {
        await navigator.serviceWorker.ready;
        if (!navigator.serviceWorker.controller) {
          await new Promise((resolve) =>
            navigator.serviceWorker.addEventListener('controllerchange', resolve),
          );
        }
      });
      await temporary.close();
      await page.reload();
      await page.click('#editor button:has-text("Example B")');
      await address(page, 'x=-12');
      assert.deepEqual((await columns(page, '#figure-probs')).Probability, [0, 1, 0, 0]);
      const style = await page.$eval('body', (body) => getComputedStyle(body).maxWidth);
      assert.notEqual(style, 'none', 'the style sheet is there too');
      // Without a look at the console: browsers may report there what they tried to fetch first.
      await page.close();
    });
  });
}
