/** The thread of the page over a whole vocabulary: what an input costs it, in processor time. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pace } from '../../scripts/pace.js';
import { serve } from '../../scripts/serve.js';
import { BROWSERS, open, SITE } from './browsers.js';

const INPUTS = 24;
/** Milliseconds, on a machine of the usual pace. */
const MEDIAN = 8;
const LATE = 16;

/** Scripts, style and layout; what painting takes is the browser's affair, and without a graphics card a lot. */
const WORK = ['ScriptDuration', 'RecalcStyleDuration', 'LayoutDuration'];

test(`an input on 128,256 scores costs less than ${MEDIAN} ms, and 95 of 100 less than ${LATE} ms`, async (t) => {
  const server = await serve(SITE);
  const browser = await BROWSERS[0].launch();
  try {
    const { page, close } = await open(browser, server.url);
    const session = await page.context().newCDPSession(page);
    // Ticks of the thread, so that a busy machine does not count.
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    const spent = async () => {
      const { metrics } = await session.send('Performance.getMetrics');
      const parts = metrics.filter(({ name }) => WORK.includes(name)).map(({ value }) => 1000 * value);
      assert.equal(parts.length, WORK.length);
      return parts.reduce((sum, each) => sum + each, 0);
    };
    const answered = () => page.waitForFunction(() => !document.querySelector('[data-busy]'));
    for (const [knob, key] of [
      ['#truncation-heat-slider', 'ArrowRight'],
      ['#cut-topP-slider', 'ArrowLeft'],
      ['#chain-temperature-slider', 'ArrowLeft'],
    ]) {
      await page.focus(knob);
      await page.waitForTimeout(500);
      await answered();
      const before = await page.inputValue(knob);
      const times = [];
      const slow = await pace();
      for (let i = 0; i < INPUTS; i++) {
        const start = await spent();
        await page.keyboard.press(key);
        await page.evaluate(() => new Promise(requestAnimationFrame));
        await answered();
        times.push((await spent()) - start);
      }
      assert.notEqual(await page.inputValue(knob), before, 'the slider has moved');
      times.sort((a, b) => a - b);
      const [median, late] = [times[INPUTS / 2], times[Math.ceil(INPUTS * 0.95) - 1]];
      const slowness = Math.max(slow, await pace());
      const told = `${knob}: median ${median.toFixed(2)} ms, p95 ${late.toFixed(2)} ms, pace ${slowness.toFixed(2)}`;
      t.diagnostic(told);
      assert.ok(median < MEDIAN * slowness, told);
      assert.ok(late < LATE * slowness, told);
    }
    await close();
  } finally {
    await browser.close();
    await server.close();
  }
});
