/**
 * The chapters from "Why not |x|" to attention, read in order on one page: every number against the oracle or against
 * arithmetic of this file.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { serve } from '../../scripts/serve.js';
import { createNormals } from '../../web/normals.js';
import { boltzmann } from '../oracle/boltzmann.js';
import { law } from '../oracle/chain.js';
import { crossEntropy, crossEntropyBackward } from '../oracle/crossentropy.js';
import { entmax } from '../oracle/entmax.js';
import { softmax } from '../oracle/softmax.js';
import { BROWSERS, columns, open, SITE } from './browsers.js';
import { address, close, enter, show, text } from './reader.js';

const A = [1, 5, 6, 3];
const F32 = 4e-6; // of a probability in float32, whose logits are rounded once

/** @param {number[]} values */
const share = (values) => values.map((value) => value / values.reduce((sum, each) => sum + each, 0));

/** @param {number[]} p */
const entropyOf = (p) => -p.reduce((sum, each) => sum + each * Math.log(each), 0);

/** Planck's law in closed form, up to a factor. @param {number} micrometres @param {number} kelvin */
const planck = (micrometres, kelvin) => micrometres ** -5 / Math.expm1(14387.76877 / (micrometres * kelvin));

/** @param {number} from @param {number} to @param {number} kelvin */
function radiated(from, to, kelvin) {
  const parts = 4000;
  const ratio = Math.log(to / from) / parts;
  let sum = 0;
  for (let i = 0; i < parts; i++) {
    const at = from * Math.exp(ratio * (i + 0.5));
    sum += planck(at, kelvin) * at;
  }
  return sum * ratio;
}

/** The numbers in a text that follow = signs. @param {string} written */
const results = (written) =>
  [...written.matchAll(/=(−?[\d.]+)/g)].map(([, digits]) => Number(digits.replace('−', '-')));

for (const { name, launch } of BROWSERS) {
  describe(`the chapters in ${name}`, () => {
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

    test('exponential: three ways to share, and what a shift does to them', async () => {
      /** @param {number[]} x */
      const maps = (x) => [softmax(x), share(x.map(Math.abs)), share(x.map((each) => each * each))];
      let table = await columns(page, '#figure-maps');
      const [e, one, two] = maps(A);
      close(table.eˣ, e);
      close(table['|x|'], one);
      close(table['x²'], two);
      await enter(page, '#exponential-by-number', '3');
      await address(page, 'exponential.by=3');
      table = await columns(page, '#figure-maps');
      const moved = maps(A.map((x) => x + 3));
      close(table.eˣ, moved[0]);
      close(table['|x|'], moved[1]);
      close(table['x² at c = 0'], two);
      const findings = await page.$$eval('#map-findings li', (all) => all.map((li) => li.textContent));
      assert.match(findings[0] ?? '', /never gets less\. Adding 3 to every score changes nothing\.$/);
      assert.match(
        findings[1] ?? '',
        /Adding 3 moves x₃ from 40\.00% to 33\.33%\.$|moves x₁ from 6\.67% to 14\.81%\.$/,
      );
      await enter(page, '#exponential-by-number', '0');
      await page.click('#exponential-scores button:has-text("−100")');
      await address(page, 'x=-100,100');
      table = await columns(page, '#figure-maps');
      assert.deepEqual(table['|x|'], [0.5, 0.5]);
      close(table.eˣ, [0, 1]);
      assert.match(await text(page, '#map-findings li:nth-child(3)'), /x₁ = −100 gets no less than x₂ = 100/);
      await page.click('#exponential-scores button:has-text("Example A")');
    });

    test('a question has its answer after a choice, by keyboard', async () => {
      const answer = '#exponential .answer';
      assert.equal(await page.isVisible(answer), false);
      await page.focus('#exponential input[value="first"]');
      await page.keyboard.press('Space');
      await page.waitForSelector(answer, { state: 'visible' });
      assert.match(await text(page, answer), /^No\. Each gets one half/);
      await page.keyboard.press('ArrowUp');
      assert.match(await text(page, answer), /^Yes\. Each gets one half/);
      await page.click('#temperature input[value="half"]');
      assert.match(await text(page, '#temperature .answer'), /^No\. Temperature 2 halves the lead in score/);
      const rights = await page.$$eval('fieldset.quiz', (all) =>
        all.map((each) =>
          [...each.querySelectorAll('input')].filter(({ value }) => value === each.dataset.right),
        ),
      );
      assert.ok(
        rights.length >= 6 && rights.every((right) => right.length === 1),
        'one answer of each is right',
      );
    });

    test('base: N to the x is softmax at the temperature 1 / ln N', async () => {
      await enter(page, '#base-number', '10');
      await address(page, 'base.base=10');
      close((await columns(page, '#figure-base'))['With this base'], softmax(A, { base: 10 }), F32);
      assert.match(await text(page, '#base-terms'), /10x=ex·ln10=ex∕TT=1ln10=0\.4343$/);
      await page.click('#base-use');
      await address(page, `temperature=${1 / Math.log(10)}`);
      close((await columns(page, '#figure-heated'))['At this T'], softmax(A, { base: 10 }), F32);
      await enter(page, '#base-number', '0');
      await page.waitForSelector('#base-number[aria-invalid="true"]');
      await page.click('#base-presets button:has-text("0.5")');
      await address(page, 'base.base=0.5');
      close((await columns(page, '#figure-base'))['With this base'], softmax(A, { base: 0.5 }), F32);
      await page.click('#base-presets button:text-is("1")');
      await address(page, 'base.base=1');
      assert.deepEqual((await columns(page, '#figure-base'))['With this base'], [0.25, 0.25, 0.25, 0.25]);
    });

    test('boltzmann: energies, and light from nothing but levels', async () => {
      for (const temperature of [1.5, 0.4, -2, 30]) {
        await show(page, `temperature=${temperature}`);
        const box = boltzmann([-1, -5, -6, -3], { temperature });
        close((await columns(page, '#figure-levels')).Share, box.probs, F32);
        const shown = results((await text(page, '#boltzmann-terms')).replaceAll(/U−TS=/g, ''));
        const { meanEnergy, entropy, freeEnergy, heatCapacity } = box;
        close(shown, [meanEnergy, entropy, freeEnergy, heatCapacity], 6e-4);
      }
      const curve = await columns(page, '#figure-mean');
      assert.ok(curve.T.includes(Infinity) && curve.T.includes(-1), 'from cold to hot, past ∞');
      close(
        curve['Mean energy'],
        curve.T.map((temperature) => boltzmann([-1, -5, -6, -3], { temperature }).meanEnergy),
        0.02,
      );
      for (const kelvin of [1500, 2600, 5772]) {
        await show(page, `boltzmann.kelvin=${kelvin}`);
        const spectrum = await columns(page, '#figure-glow');
        const wavelengths = spectrum['Wavelength in µm'];
        const powers = wavelengths.map((each) => planck(each, kelvin));
        // The table's largest is that of the figure, which has more points: compared by ratios.
        const seen = spectrum['Power, largest 1'].map((each) => each / spectrum['Power, largest 1'][5]);
        close(
          seen,
          powers.map((each) => each / powers[5]),
          1e-9,
          1e-12,
        );
        const part = radiated(0.38, 0.75, kelvin) / radiated(0.05, 3000, kelvin);
        const [, percent] =
          (await text(page, '#glow-reading')).match(/K, ([\d.]+)% of the power is visible/) ?? [];
        close([Number(percent)], [100 * part], 1e-3, 5e-3);
        const [, most] = (await text(page, '#glow-reading')).match(/around ([\d.]+) µm/) ?? [];
        close([Number(most)], [2897.771955 / kelvin], 1e-3);
      }
      const far = await page.$$eval('#figure-glow .strip', (all) =>
        all.slice(-20).map((each) => each.getAttribute('fill')),
      );
      assert.deepEqual([...new Set(far)], ['rgb(255 0 0)'], 'the far red is red');
      await show(page, 'temperature=0&boltzmann.kelvin=0');
      assert.deepEqual((await columns(page, '#figure-levels')).Share, [0, 0, 1, 0]);
      assert.match(await text(page, '#glow-reading'), /no light at all/);
    });

    test('maxent: whatever is pushed, softmax has more entropy at the same mean', async () => {
      await show(page, 'x=1,5,6,3,2&temperature=2');
      const x = [1, 5, 6, 3, 2];
      const p = [...softmax(x, { temperature: 2 })];
      /** @param {number[]} q */
      const mean = (q) => q.reduce((sum, each, index) => sum + each * x[index], 0);
      await page.focus('#push-3');
      await page.keyboard.press('End');
      await address(page, 'maxent.push=1.5,-1.5,3');
      const { Softmax, Yours } = await columns(page, '#figure-maxent');
      close(Softmax, p, F32);
      close([Yours.reduce((sum, each) => sum + each, 0), mean(Yours)], [1, mean(p)], 1e-6);
      // It is in the family that the push spans: ln q is linear in x after the push is taken off.
      const rest = Yours.map((each, index) => Math.log(each) - ([1.5, -1.5, 3][index] ?? 0));
      const slope = (rest[1] - rest[0]) / (x[1] - x[0]);
      close(
        rest.map((each, index) => each - rest[0] - slope * (x[index] - x[0])),
        [0, 0, 0, 0, 0],
        0,
        1e-5,
      );
      const divergence = Yours.reduce((sum, each, index) => sum + each * Math.log(each / p[index]), 0);
      const shown = results(await text(page, '#maxent-terms'));
      close(shown, [mean(p), mean(p), entropyOf(Yours), divergence, entropyOf(p)], 6e-4);
      close([entropyOf(Yours) + divergence], [entropyOf(p)], 1e-6);
      const path = await columns(page, '#figure-path');
      const top = path['Entropy in nats'][path['Part of the push'].indexOf(0)];
      close([top], [entropyOf(p)], 1e-6);
      assert.ok(path['Entropy in nats'].every((each) => each <= top));
      await page.click('#maxent-release');
      await address(page, 'maxent.push=0');
      close((await columns(page, '#figure-maxent')).Yours, p, 1e-5);
      assert.match(await text(page, '#maxent [data-reading]'), /^Nothing is pushed/);
      await show(page, 'temperature=0');
      assert.match(await text(page, '#maxent [data-reading]'), /leaves no other distribution/);
    });

    test('invariances: a shift is not seen, a factor is, and a penalty sees what softmax does not', async () => {
      await show(
        page,
        'invariances.by=-20&invariances.times=0.5&invariances.third=9&invariances.penalty=1.5',
      );
      const { x, 'x + c': shifted, 'a x': scaled } = await columns(page, '#figure-invariances');
      close(x, softmax(A));
      close(shifted, softmax(A));
      close(scaled, softmax(A, { temperature: 2 }));
      const third = [...softmax([5, 7, 9])];
      close(results(await text(page, '#odds')), [...third, Math.exp(2)], 6e-4);
      const penalised = await columns(page, '#figure-penalty');
      const options = { repetitionPenalty: 1.5 };
      const context = { history: [2], outputs: [false] };
      close(penalised['Penalty on x'], law(A, options, context), F32);
      const down = A.map((each) => each - 20);
      close(penalised['Penalty on x + c'], law(down, options, context), F32);
    });

    test('loss: p − y, steps down, and another map under the same loss', async () => {
      await show(page, 'loss.target=3&loss.rate=2');
      const { Gradient } = await columns(page, '#figure-gradient');
      close(Gradient, crossEntropyBackward(A, 3), F32);
      close(
        Gradient,
        [...softmax(A)].map((p, index) => p - (index === 3 ? 1 : 0)),
        F32,
      );
      assert.match(await text(page, '#loss-terms'), /^L=−lnp4=−ln0\.03495=3\.354$/);
      const losses = await columns(page, '#figure-losses');
      const at = losses['Score of the target'];
      /** @param {number} score */
      const row = (score) => [1, 5, 6, score];
      close(
        losses['Loss, softmax'],
        at.map((score) => crossEntropy(row(score), 3)),
        1e-5,
      );
      const squares = at.map((score) => -Math.log(share(row(score).map((each) => each * each))[3]));
      close(losses['Loss, squares'], squares, 1e-9);
      /** @param {number} score */
      const squared = (score) => -Math.log(share(row(score).map((each) => each * each))[3]);
      const slope = (squared(3 + 1e-5) - squared(3 - 1e-5)) / 2e-5;
      const reading = await text(page, '#losses-reading');
      assert.ok(
        reading.includes(
          `and ${squared(3).toFixed(3)} under squares, with slope −${(-slope).toPrecision(4)}`,
        ),
        reading,
      );

      await page.click('#loss-step');
      const stepped = A.map((x, index) => x - 2 * crossEntropyBackward(A, 3)[index]);
      await address(page, `x=${stepped.map((x) => Math.round(x * 1e4) / 1e4).join(',')}`);
      let walked = stepped.map((x) => Math.round(x * 1e4) / 1e4);
      for (let i = 0; i < 20; i++) {
        const gradient = crossEntropyBackward(walked, 3);
        walked = walked.map((x, index) => x - 2 * gradient[index]);
      }
      await page.click('#loss-steps');
      await page.waitForFunction(() => document.querySelector('#loss-terms')?.textContent?.includes('=0.0'));
      close(results(await text(page, '#loss-terms')).slice(-1), [crossEntropy(walked, 3)], 5e-3);
      await page.selectOption('#loss-target', '0');
      await page.waitForFunction(() => !location.hash.includes('loss.target'));
      close(
        (await columns(page, '#figure-gradient')).Gradient.slice(1),
        [...softmax(walked)].slice(1),
        1e-3,
        1e-4,
      );
    });

    test('sparse: zeros where sparsemax and entmax have them, and draws that follow', async () => {
      const x = [1.2, 1, 0.8, 0.5, 0.1, -0.4];
      await show(page, 'sparse.alpha=1.2');
      await page.click('#sparse-scores button:has-text("Close")');
      await address(page, 'x=1.2,1,0.8');
      const three = await columns(page, '#figure-sparse');
      close(three.softmax, softmax(x));
      close(three['entmax 1.5'], entmax(x, 1.5), 1e-6, 1e-7);
      close(three.sparsemax, entmax(x, 2), 1e-6, 1e-7);
      close((await columns(page, '#figure-alpha'))['At this α'], entmax(x, 1.2), 1e-6, 1e-7);
      const kept = [6, 1.5, 2].map((alpha) =>
        alpha === 6 ? 6 : [...entmax(x, alpha)].filter((p) => p > 0).length,
      );
      assert.equal(
        await text(page, '#sparse [data-reading]'),
        `Of 6 scores, softmax gives a share to ${kept[0]}, entmax with 1.5 to ${kept[1]}, sparsemax to ${kept[2]}.`,
      );
      const lead = await columns(page, '#figure-lead');
      close(
        lead.sparsemax,
        lead.Lead.map((each) => Math.min(1, Math.max(0, (1 + each) / 2))),
        1e-6,
        1e-6,
      );
      await page.click('#sparse-use');
      await address(page, 'transform=sparsemax');
      close((await columns(page, '#figure-histogram')).Probability, entmax(x, 2), 1e-6, 1e-7);
      await page.click('#sparse-use');
      await page.waitForFunction(() => !location.hash.includes('transform'));
    });

    test('attention: weights with and without the division by √d', async () => {
      await show(page, 'seed=7&attention.d=48');
      const next = createNormals(7n);
      const rows = Array.from({ length: 48 }, () => Float32Array.from({ length: 1024 }, next));
      const query = rows[0].subarray(0, 48);
      const scores = rows.slice(32).map((key) => query.reduce((sum, value, i) => sum + value * key[i], 0));
      const { Scaled, 'As they are': plain } = await columns(page, '#figure-attention');
      close(Scaled, softmax(scores, { temperature: Math.sqrt(48) }), 1e-5, 1e-7);
      close(plain, softmax(scores), 1e-4, 1e-7);
      const curve = await columns(page, '#figure-scaling');
      assert.ok(curve['as they are'][10] > 0.85 && curve.scaled[10] < 0.4);
      await page.click('#attention-next');
      await address(page, 'seed=8');
      assert.notDeepEqual((await columns(page, '#figure-attention')).Scaled, Scaled);
    });
  });
}
