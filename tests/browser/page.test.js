/** The page as its reader uses it: every number against float64 arithmetic of this file, never the library's. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import { serve } from '../../scripts/serve.js';
import { BROWSERS, columns, open, SITE } from './browsers.js';
import { address, close, enter, text } from './reader.js';

const A = [1, 5, 6, 3];
const B = [-12, 120, -203, 2];
const ROOT = new URL('../../', import.meta.url);

/** @param {number[]} scores @param {number} [temperature] */
function softmax64(scores, temperature = 1) {
  const sign = temperature < 0 ? -1 : 1;
  const max = Math.max(...scores.map((score) => score * sign)) * sign;
  const powers = scores.map((score) => {
    if (temperature === 0) return score === max ? 1 : 0;
    return Math.exp((score - max) / temperature);
  });
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

/** @param {import('playwright-core').Page} page @param {number} drawn */
const drawn = (page, drawn) => page.waitForSelector(`#draw[data-drawn="${drawn}"]`);

/** @param {import('playwright-core').Page} page @returns {Promise<string[]>} */
const tokens = (page) => page.$$eval('#tokens li', (items) => items.map((item) => item.textContent ?? ''));

/** @type {Awaited<ReturnType<typeof serve>>} */
let server;
before(async () => {
  server = await serve(SITE);
});
after(() => server.close());

for (const { name, launch } of BROWSERS) {
  describe(`the page in ${name}`, () => {
    /** @type {import('playwright-core').Browser} */
    let browser;
    before(async () => {
      browser = await launch();
    });
    after(() => browser.close());

    test('opens with Example A, and every step has its numbers', async () => {
      const { page, close: done } = await open(browser, server.url);
      assert.deepEqual((await columns(page, '#figure-raw')).Score, A);
      close((await columns(page, '#figure-powers'))['e to the score'], A.map(Math.exp), 1e-15);
      close((await columns(page, '#figure-powers'))['In float32'], A.map(Math.exp), 6e-8);
      const shifted = A.map((score) => Math.exp(score - 6));
      close((await columns(page, '#figure-shifted'))['Shifted power'], shifted, 1e-15);
      const probs = await columns(page, '#figure-probs');
      close(probs.Probability, softmax64(A));
      close(probs['Its logarithm'], softmax64(A).map(Math.log));
      assert.match(await text(page, '#terms-powers'), /^e1=2\.718e5=148\.4e6=403\.4e3=20\.09$/);
      assert.match(await text(page, '#terms-shifted'), /0\.006738.*0\.3679.*1\.000.*0\.04979/);
      assert.equal(await text(page, '#terms-sum'), 'Z=0.006738+0.3679+1.000+0.04979=1.424');
      assert.equal(await text(page, '#worked-formula'), 'p1=0.0067381.424 =0.004730');
      const values = await page.$$eval('#figure-probs .value', (all) =>
        all.map((value) => value.textContent),
      );
      assert.deepEqual(values, ['0.004730', '0.2583', '0.7020', '0.03495']);
      assert.match(await text(page, '#verdict'), /still fits/);
      await done();
    });

    test('shows float32 overflow for Example B, and softmax without it', async () => {
      const { page, close: done } = await open(browser, server.url);
      await page.click('#editor button:has-text("Example B")');
      await page.waitForSelector('#verdict.bad');
      const powers = await columns(page, '#figure-powers');
      close(powers['e to the score'], B.map(Math.exp), 1e-15);
      assert.deepEqual([powers['In float32'][1], powers['In float32'][2]], [Infinity, 0]);
      assert.match(await text(page, '#verdict'), /e120=1\.304×1052.*∞.*\[0, NaN, 0, 0\]/);
      assert.equal(await page.locator('#figure-reach .point.overflow').count(), 1);
      assert.equal(await page.locator('#figure-reach .point.lost').count(), 4);
      const probs = await columns(page, '#figure-probs');
      assert.deepEqual(probs.Probability, [0, 1, 0, 0]);
      close(probs['Its logarithm'], [-132, 0, -323, -118]);
      const aside = await text(page, '#aside-b');
      for (const exact of ['1.304×10⁵²', '4.711×10⁻⁵⁸', '5.666×10⁻⁵²'])
        assert.ok(aside.includes(exact), exact);
      assert.deepEqual(
        [120, -132, -118].map((x) => Math.exp(x).toPrecision(4)),
        ['1.304e+52', '4.711e-58', '5.666e-52'],
      );
      await done();
    });

    test('follows an edited number everywhere', async () => {
      const { page, close: done } = await open(browser, server.url);
      await enter(page, '#score-2', '-2.5');
      await address(page, 'x=1,-2.5,6,3');
      close((await columns(page, '#figure-probs')).Probability, softmax64([1, -2.5, 6, 3]));
      close((await columns(page, '#figure-heated'))['At this T'], softmax64([1, -2.5, 6, 3]));
      assert.match(await text(page, '#draw-code'), /Float32Array\.of\(1, -2\.5, 6, 3\)/);
      assert.equal(await text(page, '#call'), '1, -2.5, 6, 3');

      await enter(page, '#score-1', '');
      await page.waitForSelector('#score-1[aria-invalid="true"]');
      assert.match(await text(page, '#score-problem'), /x₁ needs a number/);
      assert.deepEqual((await columns(page, '#figure-raw')).Score, [1, -2.5, 6, 3]);
      await page.focus('#score-2');
      assert.equal(await page.inputValue('#score-1'), '1');
      assert.equal(await text(page, '#score-problem'), '');

      await page.click('#add-score');
      await address(page, 'x=1,-2.5,6,3,0');
      assert.equal(await page.evaluate(() => document.activeElement?.id), 'score-5');
      await page.keyboard.type('5.5');
      await address(page, 'x=1,-2.5,6,3,5.5');
      close((await columns(page, '#figure-probs')).Probability, softmax64([1, -2.5, 6, 3, 5.5]));
      await page.click('button[aria-label="Remove x₁"]');
      await address(page, 'x=-2.5,6,3,5.5');
      close((await columns(page, '#figure-probs')).Probability, softmax64([-2.5, 6, 3, 5.5]));
      await done();
    });

    test('heats and cools with slider, field and buttons', async () => {
      const { page, close: done } = await open(browser, server.url);
      for (const [written, value] of /** @type {[string, number][]} */ ([
        ['0.5', 0.5],
        ['2', 2],
        ['0', 0],
        ['-1.5', -1.5],
        ['1e-6', 1e-6],
        ['Infinity', 1e300],
      ])) {
        await enter(page, '#temperature-number', written);
        await address(page, `temperature=${Number(written)}`);
        close((await columns(page, '#figure-heated'))['At this T'], softmax64(A, value), 4e-6);
      }
      const bands = await columns(page, '#figure-bands');
      for (const [row, temperature] of bands.T.entries()) {
        const shown = ['x₁', 'x₂', 'x₃', 'x₄'].map((each) => bands[each][row]);
        close(shown, softmax64(A, temperature), 4e-6);
      }
      assert.deepEqual(bands.T, [0.01, 0.1, 1, 10, 100, 1000]);

      await enter(page, '#temperature-number', 'warm');
      await page.waitForSelector('#temperature-number[aria-invalid="true"]');
      assert.match(await text(page, '#temperature-problem'), /Expected a number/);
      await page.click('#temperature-presets button:has-text("0.5")');
      await page.waitForSelector('#temperature-presets button[aria-pressed="true"]:has-text("0.5")');
      assert.equal(await page.inputValue('#temperature-number'), '0.5');
      assert.equal(await text(page, '#temperature-problem'), '');
      assert.match(await text(page, '#ratio'), /=7\.389$/);

      await page.focus('#temperature-slider');
      await page.keyboard.press('End');
      await address(page, 'temperature=1000');
      await page.keyboard.press('ArrowLeft');
      await address(page, 'temperature=890');
      close((await columns(page, '#figure-heated'))['At this T'], softmax64(A, 890));
      await done();
    });

    test('draws the tokens of its seed, in expected numbers, and its program draws them too', async () => {
      const { page, close: done } = await open(browser, `${server.url}#v=1&seed=7&temperature=0.8`);
      for (let i = 1; i <= 3; i++) {
        await page.click('#draw-one');
        await drawn(page, i);
      }
      const one = await tokens(page);
      assert.equal(one.length, 3);
      await page.click('[data-draw="100"]');
      await drawn(page, 103);
      await page.click('[data-draw="10000"]');
      await drawn(page, 10103);
      const { Drawn, Expected, Probability } = await columns(page, '#figure-histogram');
      assert.equal(
        Drawn.reduce((sum, each) => sum + each, 0),
        10103,
      );
      const law = softmax64(A, 0.8);
      close(Probability, law, 4e-6);
      close(
        Expected,
        law.map((p) => p * 10103),
        4e-6,
      );
      for (const [index, p] of law.entries()) {
        const deviation = Math.abs(Drawn[index] - 10103 * p) / Math.sqrt(10103 * p * (1 - p));
        assert.ok(deviation < 5, `x${index + 1} is ${deviation} standard deviations off`);
      }

      await page.click('#draw-none');
      await drawn(page, 0);
      await page.click('#draw-one');
      await drawn(page, 1);
      await page.click('#draw-one');
      await drawn(page, 2);
      await page.click('#draw-one');
      await drawn(page, 3);
      assert.deepEqual(await tokens(page), one);

      await page.click('[data-draw="100"]');
      await drawn(page, 103);
      const program = await text(page, '#draw-code');
      const printed = execFileSync(process.execPath, ['--input-type=module', '--eval', program], {
        cwd: ROOT,
        encoding: 'utf8',
      });
      const replayed = printed.trim().split('\n').map(Number);
      const counts = A.map((_, id) => replayed.filter((token) => token === id).length);
      assert.deepEqual((await columns(page, '#figure-histogram')).Drawn, counts);
      const recent = replayed.slice(-24).reverse();
      assert.deepEqual(
        (await tokens(page)).map((each) => 'x₁x₂x₃x₄'.indexOf(each) / 2),
        recent,
      );

      const again = await open(browser, `${server.url}#v=1&seed=7&temperature=0.8&draw.count=103`);
      await drawn(again.page, 103);
      assert.deepEqual(await tokens(again.page), await tokens(page));
      await again.close();
      await page.click('#next-seed');
      await address(page, 'seed=8');
      await drawn(page, 103);
      assert.notDeepEqual((await tokens(page)).join(), recent.join());
      await done();
    });

    test('draws nothing that has no probability', async () => {
      const { page, close: done } = await open(browser, `${server.url}#v=1&x=-12,120,-203,2&draw.count=1000`);
      await drawn(page, 1000);
      assert.deepEqual((await columns(page, '#figure-histogram')).Drawn, [0, 1000, 0, 0]);
      await enter(page, '#temperature-number', '0');
      await address(page, 'temperature=0');
      await drawn(page, 1000);
      assert.deepEqual((await columns(page, '#figure-histogram')).Drawn, [0, 1000, 0, 0]);
      await done();
    });

    test('keeps its state in the address', async () => {
      const state =
        '#draw&v=1&x=0.5,-3,2e+25&temperature=-0.25&seed=18446744073709551615&scores.worked=2&draw.count=12';
      const { page, close: done } = await open(browser, `${server.url}${state}`);
      await drawn(page, 12);
      assert.deepEqual((await columns(page, '#figure-raw')).Score, [0.5, -3, 2e25]);
      assert.equal(await page.inputValue('#score-3'), '2e+25');
      assert.equal(await page.inputValue('#temperature-number'), '-0.25');
      assert.equal(await page.inputValue('#seed'), '18446744073709551615');
      assert.equal(await page.$eval('#worked', (select) => /** @type {any} */ (select).value), '2');
      assert.equal(await page.isHidden('#notice'), true);
      const top = await page.$eval('#draw', (section) => section.getBoundingClientRect().top);
      assert.ok(Math.abs(top) < 200, `the chapter is in view (${top})`);

      await page.click('#draw-one');
      await address(page, 'draw.count=13');
      assert.equal(await page.evaluate(() => location.hash), state.replace('draw.count=12', 'draw.count=13'));

      await page.click('nav a[href="#temperature"]');
      await address(page, '#temperature&v=1');
      assert.equal(await page.inputValue('#temperature-number'), '-0.25');

      await page.evaluate(() => {
        location.hash = '#v=1&temperature=3';
      });
      await page.waitForFunction(
        () => /** @type {any} */ (document.querySelector('#temperature-number')).value === '3',
      );
      assert.deepEqual((await columns(page, '#figure-raw')).Score, A);
      await page.click('#temperature-presets button:has-text("1") >> nth=0');
      await page.waitForFunction(() => !location.href.includes('#'));
      await done();
    });

    test('leaves out what an address has wrong, and says so', async () => {
      const wrong = 'v=9&x=1,,2&temperature=abc&scores.worked=99&seed=-1&draw.count=1e9&zz=1&%E0%A4%A';
      const { page, close: done } = await open(browser, `${server.url}#${wrong}`);
      const notice = await text(page, '#notice');
      assert.equal(await page.isVisible('#notice'), true);
      for (const part of [
        'v=9',
        'x=1,,2',
        'temperature=abc',
        'scores.worked=99',
        'seed=-1',
        'draw.count=1e9',
        'zz',
        '%E0%A4%A',
      ]) {
        assert.ok(notice.includes(part), `${part} in: ${notice}`);
      }
      assert.deepEqual((await columns(page, '#figure-raw')).Score, A);
      assert.equal(await page.inputValue('#seed'), '42');
      await done();

      const endless = `x=${'9,'.repeat(2000)}1${'&y=1'.repeat(500)}`;
      const flooded = await open(browser, `${server.url}#v=1&${endless}`);
      const short = await text(flooded.page, '#notice');
      assert.match(short, /x=9,9,9,[9,]*… \(expected 2 to 16 numbers .*; and 493 more\.$/);
      assert.ok(short.length < 400, `${short.length} characters`);
      await flooded.close();
    });

    test('has a policy that allows nothing but its own files', async () => {
      const { page, close: done } = await open(browser, server.url);
      const policy = await page.getAttribute('meta[http-equiv="Content-Security-Policy"]', 'content');
      assert.match(policy ?? '', /default-src 'none'/);
      assert.match(policy ?? '', /script-src 'self' 'wasm-unsafe-eval';/);
      assert.doesNotMatch(policy ?? '', /unsafe-inline|'unsafe-eval'|https?:|\*/);
      await done();

      const second = await browser.newContext();
      const guarded = await second.newPage();
      await guarded.goto(server.url);
      const directive = await guarded.evaluate(
        () =>
          new Promise((resolve) => {
            addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective));
            fetch('icon.svg').catch(() => {});
          }),
      );
      assert.equal(directive, 'connect-src');
      await second.close();
    });
  });
}
