/**
 * The chapters over a whole vocabulary, and those about drawing, read on one page: every number against the oracle, which
 * sorts all tokens in float64.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { serve } from '../../scripts/serve.js';
import { FILTER_NAMES, FILTERS, settingOf } from '../../web/filters.js';
import { STAGES } from '../../web/stages.js';
import { createLogits } from '../../web/vocabulary.js';
import { chiSquare } from '../helpers/chi.js';
import { chain, law, ORDERS } from '../oracle/chain.js';
import { softmax } from '../oracle/softmax.js';
import { uniform } from '../oracle/uniform.js';
import { BROWSERS, columns, open, SITE } from './browsers.js';
import { address, close, enter, isResult, result, show, text } from './reader.js';

const A = [1, 5, 6, 3];
const F32 = 4e-6; // of a probability in float32, whose logits are rounded once
const GUMBEL = 5; // the purpose of its random numbers

/** @typedef {import('../../web/vocabulary.js').ShapeName} ShapeName */

/** @type {Map<string, Float32Array>} */
const rows = new Map();
/** @param {ShapeName} shape @returns {Float32Array} */
function rowOf(shape) {
  const row = rows.get(shape) ?? createLogits(shape);
  rows.set(shape, row);
  return row;
}

/** @param {ArrayLike<number>} probs */
const entropyOf = (probs) => Array.from(probs).reduce((sum, p) => sum - (p > 0 ? p * Math.log(p) : 0), 0);

/** What each filter keeps, by the oracle. @param {ShapeName} shape @param {number} temperature */
function cutsOf(shape, temperature) {
  const row = rowOf(shape);
  const before = softmax(row, { temperature });
  return FILTER_NAMES.map((name) => {
    const options = { temperature, [name]: settingOf(name, FILTERS[name].initial) };
    const { survivors, probs = [] } = chain(row, options);
    const mass = survivors.reduce((sum, { id }) => sum + before[id], 0);
    const rank = before.reduce((above, p) => above + (p > before[survivors[0].id] ? 1 : 0), 1);
    return { kept: survivors.length, mass, first: rank, entropy: entropyOf(probs) };
  });
}

/** Two chains by the oracle. @param {ShapeName} shape @param {Record<string, any>} a @param {Record<string, any>} b */
function compared(shape, a, b) {
  const [p, q] = [a, b].map((options) => law(rowOf(shape), options));
  const divergence = (/** @type {Float64Array} */ from, /** @type {Float64Array} */ to) =>
    from.reduce((sum, each, id) => sum + (each > 0 ? each * Math.log(each / to[id]) : 0), 0);
  return {
    kept: [p, q].map((each) => each.reduce((sum, one) => sum + (one > 0 ? 1 : 0), 0)),
    variation: p.reduce((sum, each, id) => sum + Math.abs(each - q[id]), 0) / 2,
    forth: divergence(p, q),
    back: divergence(q, p),
  };
}

test('the order of the page is that of the oracle', () => {
  assert.deepEqual(STAGES, ORDERS.logitkit);
});

for (const { name, launch } of BROWSERS) {
  describe(`whole vocabularies in ${name}`, () => {
    /** @type {import('playwright-core').Browser} */
    let browser;
    /** @type {Awaited<ReturnType<typeof serve>>} */
    let server;
    /** @type {Awaited<ReturnType<typeof open>>} */
    let opened;
    /** @type {import('playwright-core').Page} */
    let page;
    before(async () => {
      server = await serve(SITE);
      browser = await launch();
      opened = await open(browser, server.url);
      page = opened.page;
    });
    after(async () => {
      await opened.close();
      await browser.close();
      await server.close();
    });
    const settled = () => page.waitForFunction(() => !document.querySelector('[data-busy]'));

    for (const [shape, temperature] of /** @type {[ShapeName, number][]} */ ([
      ['text', 1],
      ['open', 1.5],
    ])) {
      const state = shape === 'text' ? '' : `truncation.shape=${shape}&temperature=${temperature}`;
      test(`truncation: every filter keeps what the oracle keeps: ${shape}, T = ${temperature}`, async () => {
        await show(page, state);
        const table = await columns(page, '#figure-cuts');
        const cuts = cutsOf(shape, temperature);
        assert.deepEqual(
          table['Tokens kept'],
          cuts.map(({ kept }) => kept),
        );
        const column = (/** @type {'mass' | 'entropy'} */ key) => cuts.map((cut) => cut[key]);
        close(table['Mass kept'], column('mass'), F32);
        close(table['Entropy left'], column('entropy'), 1e-5, 1e-6);
        assert.deepEqual(
          table['From rank'],
          cuts.map(({ first }) => first),
        );
        const lanes = await page.$$eval('#figure-cuts .lane .text', (all) =>
          all.map((each) => each.textContent),
        );
        for (const [index, { kept }] of cuts.entries()) {
          assert.ok(
            lanes[index]?.startsWith(`${kept.toLocaleString('en')} token`),
            `${lanes[index]}: ${kept}`,
          );
        }
      });
    }

    test('truncation: a filter is chosen, moved and used by keyboard', async () => {
      await show(page, 'truncation.shape=forked');
      await page.focus('#truncation-look');
      await page.keyboard.type('min');
      await address(page, 'truncation.look=minP');
      assert.equal(await page.locator('#truncation-controls .control:visible').count(), 1);
      await enter(page, '#cut-minP-number', '0.001');
      await address(page, 'cut.minP=0.001');
      await settled();
      const kept = chain(rowOf('forked'), { minP: 0.001 }).survivors.length;
      const table = await columns(page, '#figure-cuts');
      assert.equal(table['Tokens kept'][FILTER_NAMES.indexOf('minP')], kept);
      const reading = await text(page, '#truncation [data-reading]');
      assert.ok(reading.startsWith(`At T = 1, min-p 0.001 keeps ${kept} tokens of 128,256 with `), reading);
      await page.waitForFunction((said) => document.querySelector('#live')?.textContent === said, reading);
      const [most] = [...softmax(rowOf('forked'))].sort((a, b) => b - a);
      isResult(await text(page, '#truncation-terms'), most * 0.001);
      await page.focus('#truncation-use');
      await page.keyboard.press('Enter');
      await address(page, '&minP=0.001');
      assert.equal(await page.getAttribute('#truncation-use', 'aria-pressed'), 'true');
      await page.keyboard.press('Enter');
      await page.waitForFunction(() => !location.hash.includes('&minP='));
      await page.click('#figure-cuts .lane[data-cut="typicalP"] .title');
      await address(page, 'truncation.look=typicalP');
      assert.equal(await page.inputValue('#truncation-look'), 'typicalP');

      await show(page, 'temperature=0');
      const { 'Tokens kept': all } = await columns(page, '#figure-cuts');
      assert.deepEqual(new Set(all), new Set([1]));
    });

    test('order: two orders of the same options, and how far apart they are', async () => {
      await show(page, '');
      let wanted = compared(
        'text',
        { temperature: 2, topP: 0.9 },
        { temperature: 2, topP: 0.9, order: 'llama.cpp' },
      );
      const reading = await text(page, '#order [data-reading]');
      assert.ok(
        reading.startsWith(
          `A leaves ${wanted.kept[0].toLocaleString('en')} of 128,256 tokens, B ${wanted.kept[1].toLocaleString('en')}.`,
        ),
        reading,
      );
      /** The first is a formula alone, its value the second. */
      const shown = () =>
        page.$$eval('#order-terms math', ([, ...all]) =>
          all.map((each) => each.textContent?.replace(/\s/g, '') ?? ''),
        );
      let terms = await shown();
      isResult(terms[0], wanted.variation);
      isResult(terms[1], wanted.forth);
      isResult(terms[2], wanted.back);
      const table = await columns(page, '#figure-laws');
      const sorted = chain(rowOf('text'), {}).survivors;
      const laws = [{}, { order: 'llama.cpp' }].map((order) =>
        law(rowOf('text'), { temperature: 2, topP: 0.9, ...order }),
      );
      for (const [at, column] of /** @type {const} */ (['A', 'B']).entries()) {
        close(
          table[column],
          table.Rank.map((rank) => laws[at][sorted[rank - 1].id]),
          1e-5,
        );
      }

      // Two configurations: A is kept as B, and then A is changed.
      await page.click('#order-keep');
      await address(page, 'versus.kept=temperature:2,topP:0.9');
      await enter(page, '#chain-minP-number', '0.02');
      await address(page, 'minP=0.02');
      await settled();
      wanted = compared('text', { temperature: 2, topP: 0.9, minP: 0.02 }, { temperature: 2, topP: 0.9 });
      terms = await shown();
      isResult(terms[0], wanted.variation);
      isResult(terms[1], wanted.forth);
      assert.equal(result(terms[2]), Infinity);
    });

    /** @returns {Promise<string[]>} */
    const stages = () => page.$$eval('#order-a > li', (all) => all.map((li) => li.dataset.key ?? ''));

    test('order: stages move by button and by dragging, the focus with them, and undo brings them back', async () => {
      await show(page, 'temperature=2&topK=50&topP=0.9');
      assert.deepEqual(await stages(), ['temperature', 'topK', 'topP']);
      await page.focus('#order-a [aria-label="Move temperature later"]');
      await page.keyboard.press('Enter');
      await page.waitForFunction(
        () => document.querySelector('#order-a > li')?.getAttribute('data-key') === 'topK',
      );
      await page.keyboard.press('Enter');
      await address(page, 'order=');
      await settled();
      assert.deepEqual(await stages(), ['topK', 'topP', 'temperature']);
      const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label'));
      assert.equal(await focused(), 'Move temperature earlier');
      const order = ['topK', 'topP', 'temperature'];
      const wanted = chain(rowOf('text'), { temperature: 2, topK: 50, topP: 0.9, order });
      const did = await text(page, '#order-a > li:last-child .did');
      assert.ok(did.startsWith(`${wanted.survivors.length} left`), did);
      // The other chapters draw by this order, too.
      assert.match(await text(page, '#draw-code'), /"topK","smoothing","topP","temperature","minP"/);

      await page.waitForTimeout(700); // what follows sooner is the same change
      const grip = await page.locator('#order-a > li:last-child .grip').boundingBox();
      const first = await page.locator('#order-a > li:first-child').boundingBox();
      assert.ok(grip && first);
      await page.mouse.move(grip.x + grip.width / 2, grip.y + grip.height / 2);
      await page.mouse.down();
      for (let part = 1; part <= 6; part++) {
        await page.mouse.move(grip.x + 10, grip.y + ((first.y + 4 - grip.y) * part) / 6);
      }
      await page.mouse.up();
      await page.waitForFunction(() => !location.hash.includes('order='));
      assert.deepEqual(await stages(), ['temperature', 'topK', 'topP']);
      await page.click('#undo');
      await address(page, 'order=');
      assert.deepEqual(await stages(), order);
    });

    test('order: a law that two orders agree on is called the same', async () => {
      await show(page, 'temperature=1.5');
      assert.match(
        await text(page, '#order [data-reading]'),
        /^A and B are the same law.*: 128,256 tokens left\.$/,
      );
      await show(page, 'temperature=0');
      assert.match(await text(page, '#order [data-reading]'), /^A and B are the same law: 1 token left\.$/);
    });

    test('order: what an engine refuses is said, and nothing else changes', async () => {
      await show(page, 'temperature=2&topP=0.9&tailFree=0.9&versus.other=vllm');
      assert.match(await text(page, '#order-b-problem'), /^tailFree = 0\.9 needs the stage 'tailFree'/);
      assert.match(await text(page, '#order [data-reading]'), /refused/);
      await page.selectOption('#order-a-name', 'vllm');
      await page.waitForFunction(() => document.querySelector('#order-problem')?.textContent !== '');
      assert.equal(await page.inputValue('#order-a-name'), 'logitkit');
      assert.equal(
        await page.evaluate(() => location.hash),
        '#v=1&temperature=2&topP=0.9&tailFree=0.9&versus.other=vllm',
      );
    });

    test('draw: the point on the line, the race, and the test of many draws', async () => {
      await show(page, 'seed=7&draw.count=12');
      const shares = softmax(A);
      const u = uniform({ seed: 7n, position: 11 }, 0);
      isResult(await text(page, '#step-terms'), u);
      let line = await columns(page, '#figure-line');
      close(line.To, [shares[0], shares[0] + shares[1], 1 - shares[3], 1], F32);
      const at = line.To.findIndex((to) => u < to);
      assert.match(
        await text(page, '#step-text'),
        new RegExp(`^Token 12 is ${'x₁x₂x₃x₄'.slice(at * 2, at * 2 + 2)}:`),
      );
      assert.equal(await text(page, '#tokens li:first-child'), 'x₁x₂x₃x₄'.slice(at * 2, at * 2 + 2));

      // Top-p refuses tokens until the point hits one that it kept: 200 tokens, each as the library draws it.
      for (const count of [1, 2, 3, 5, 8, 13]) {
        await show(page, `x=1,2,2.2,1.8&topP=0.7&seed=3&draw.count=${count}`);
        assert.match(await text(page, '#step-text'), /the point at .* lies in its part of the line/);
      }
      await show(page, 'topK=3&seed=5&draw.count=4');
      line = await columns(page, '#figure-line');
      const three = softmax([6, 5, 3]);
      close(line.To, [three[0], three[0] + three[1], 1], F32);

      // llama.cpp's defaults have a window for penalties and no penalty: nothing is remembered, every step can be shown.
      const defaults = 'temperature=0.8&topK=40&topP=0.95&minP=0.05&penaltyLastN=64&order=llama.cpp';
      for (const count of [1, 2, 3, 50]) {
        await show(page, `${defaults}&draw.count=${count}`);
        assert.match(await text(page, '#step-text'), /the point at .* lies in its part of the line/);
        const [, from, to] = (await text(page, '#step-terms')).match(/^([\d.]+)≤u<([\d.]+)/) ?? [];
        const point = result(await text(page, '#step-terms'));
        assert.ok(Number(from) <= point && point < Number(to), `${from}, ${point}, ${to}`);
      }
      assert.doesNotMatch(await text(page, '#test-text'), /remembers/);
      await show(page, 'topK=3&seed=5&draw.count=4');

      await page.click('#draw-methods button:text-is("A race")');
      await address(page, 'method=gumbel');
      await page.waitForSelector('#figure-race:not([hidden])');
      const race = await columns(page, '#figure-race');
      const noise = [1, 2, 3].map(
        (id) => -Math.log(-Math.log(uniform({ seed: 5n, position: 3, purpose: GUMBEL }, id))),
      );
      close(race.Noise, noise, 1e-12);
      close(race['ln p'], [three[1], three[0], three[2]].map(Math.log), F32);
      const ends = await page.$$eval('#figure-race .fill', (all) =>
        all.map((each) => Number(each.getAttribute('x')) + Number(each.getAttribute('width'))),
      );
      const places = (/** @type {number[]} */ all) =>
        all.map((each) => all.filter((other) => other > each).length);
      assert.deepEqual(places(ends), places(race.Sum), 'the furthest bar wins');
      assert.equal(await text(page, '#draw-chain'), ', topK 3');
      const winner = race.Sum.indexOf(Math.max(...race.Sum)) + 1;
      assert.equal(await text(page, '#tokens li:first-child'), 'x₁x₂x₃x₄'.slice(winner * 2, winner * 2 + 2));

      for (const method of ['', '&method=gumbel']) {
        await show(page, `seed=11${method}&draw.count=20000`);
        await page.waitForSelector('#draw[data-drawn="20000"]');
        const { Drawn } = await columns(page, '#figure-histogram');
        const { statistic, df, p } = chiSquare(Drawn, shares, 5);
        assert.equal(df, 3);
        const shown = await page.$$eval('#test-terms math', (all) =>
          all.map((each) => each.textContent ?? ''),
        );
        isResult(shown[0], statistic);
        assert.equal(result(shown[1]), 3);
        isResult(shown[2], p);
        assert.ok(p > 1e-4, `${method}: p = ${p}`);
      }
      await show(page, 'draw.count=20&frequencyPenalty=1');
      assert.match(await text(page, '#test-text'), /remembers/);
      await show(page, 'draw.count=20&temperature=0');
      assert.match(await text(page, '#step-text'), /for certain/);
    });

    test('draw: goes on until it is stopped, and the same seed gives the same', async () => {
      await show(page, 'seed=9');
      await page.focus('#draw-on');
      await page.keyboard.press('Enter');
      await page.waitForFunction(
        () => Number(document.querySelector('#draw')?.getAttribute('data-drawn')) > 3000,
      );
      await page.keyboard.press('Enter');
      assert.equal(await text(page, '#draw-on'), 'Keep drawing');
      await page.waitForFunction(() =>
        location.hash.endsWith(`=${document.querySelector('#draw')?.getAttribute('data-drawn')}`),
      );
      const drawn = await page.getAttribute('#draw', 'data-drawn');
      const { Drawn } = await columns(page, '#figure-histogram');
      await page.click('#draw-none');
      await page.waitForFunction(() => !location.hash.includes('draw.count'));
      await show(page, `seed=9&draw.count=${drawn}`);
      await page.waitForSelector(`#draw[data-drawn="${drawn}"]`);
      assert.deepEqual((await columns(page, '#figure-histogram')).Drawn, Drawn);
    });

    test('speculative: guesses of a poorer model, and the law of the better one', async () => {
      await show(page, 'seed=3&temperature=1.2&topK=3&speculative.step=3&speculative.guesses=3');
      const p = law(A, { temperature: 1.2, topK: 3 });
      const q = softmax([0, 6, 6, 3], { temperature: 1.2 });
      const models = await columns(page, '#figure-guess');
      close(models.p, p, F32);
      close(models.q, q, F32);
      const lacks = Array.from(p, (each, id) => Math.max(0, each - q[id]));
      const total = lacks.reduce((sum, each) => sum + each, 0);
      close(
        models.Replacement,
        lacks.map((each) => each / total),
        1e-5,
      );
      const alpha = Array.from(p, (each, id) => Math.min(each, q[id])).reduce((sum, each) => sum + each, 0);
      const shown = () =>
        page.$$eval('#speculative-terms math', (all) => all.map((each) => each.textContent ?? ''));
      const expected = (1 - alpha ** 4) / (1 - alpha);
      isResult((await shown())[0], alpha);
      isResult((await shown())[1], expected);

      await page.focus('#speculative-one');
      await page.keyboard.press('Enter');
      await page.waitForSelector('#speculative[data-steps="1"]');
      const verdicts = await page.$$eval('#speculative-tokens li', (all) =>
        all.map((each) => each.className),
      );
      const accepted = verdicts.filter((each) => each === 'accepted').length;
      const after = accepted === 3 ? ['added'] : ['rejected', ...new Array(2 - accepted).fill('dropped')];
      assert.deepEqual(verdicts, [...new Array(accepted).fill('accepted'), ...after]);
      await page.click('[data-steps="5000"]');
      await page.waitForSelector('#speculative[data-steps="5001"]');
      const { Verified } = await columns(page, '#figure-verified');
      const tokens = Verified.reduce((sum, each) => sum + each, 0);
      assert.equal(Verified[0], 0);
      const { statistic, p: chance } = chiSquare(Verified, p, 5);
      assert.ok(chance > 1e-4, `p = ${chance}`);
      isResult(await text(page, '#speculative-test li:first-child'), statistic);
      assert.ok(
        Math.abs(tokens / 5001 / expected - 1) < 0.03,
        `${tokens} tokens in 5001 steps of ${expected}`,
      );
      const link = await page.evaluate(() => location.hash.includes('speculative.steps=5001'));
      assert.ok(link || (await address(page, 'speculative.steps=5001')));
    });

    test('speed: is measured when asked, away from the page', async () => {
      assert.equal(await page.isVisible('#figure-speed'), false);
      await page.focus('#speed-run');
      await page.keyboard.press('Enter');
      await page.waitForSelector('#speed-run:disabled');
      const alive = await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
      assert.ok(Number(alive) > 0, 'the page goes on');
      await page.waitForSelector('#figure-speed:not([hidden])', { timeout: 60000 });
      const table = await columns(page, '#figure-speed');
      assert.equal(table['Median, µs'].length, 6);
      for (const [row, median] of table['Median, µs'].entries()) {
        assert.ok(table.Fastest[row] > 0 && table.Fastest[row] <= median && median <= table.Slowest[row]);
      }
      assert.match(await text(page, '#speed [data-reading]'), /^At T = 0\.8 a token takes /);
      assert.match(await text(page, '#speed-skips'), /T = 1 takes (no|\d+%) less time than T = 0\.8/);
    });
  });
}
