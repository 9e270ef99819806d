// What the build promises: the core's shape and size, what is read off its header, and the rules of lint.js.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { constants, deflateRawSync } from 'node:zlib';
import * as abi from '../dist/abi.js';
import { source } from '../dist/wasm.js';
import { inflate, unpack } from '../js/unpack.js';
import { evaluate, parse } from '../scripts/abi.js';
import { embedded, WASM_BUDGET } from '../scripts/embed.js';
import { check, files } from '../scripts/lint.js';
import { serve } from '../scripts/serve.js';

const PAGE = 65536;
const bytes = readFileSync('dist/logitkit.wasm');

describe('logitkit.wasm', () => {
  const module = new WebAssembly.Module(bytes);

  test('imports nothing', () => {
    assert.deepEqual(WebAssembly.Module.imports(module), []);
  });

  test('exports memory, __heap_base and the names in exports.txt, nothing else', () => {
    const functions = readFileSync('src/exports.txt', 'utf8').trim().split('\n');
    const expected = [
      { name: 'memory', kind: 'memory' },
      { name: '__heap_base', kind: 'global' },
      ...functions.map((name) => ({ name, kind: 'function' })),
    ];
    const byName = (a, b) => (a.name < b.name ? -1 : 1);
    assert.deepEqual(WebAssembly.Module.exports(module).sort(byName), expected.sort(byName));
  });

  test('exports every function that logitkit.h and functions.h declare', () => {
    const headers = ['src/logitkit.h', 'src/functions.h'].map((name) => readFileSync(name, 'utf8')).join('');
    const header = headers.replace(/\/\*[\s\S]*?\*\//g, '');
    const declared = [...header.matchAll(/^(?:int|void|double|float|u?int\d+_t) (lk_\w+)\(/gm)].map(
      ([, name]) => name,
    );
    assert.ok(declared.length > 5);
    assert.deepEqual(readFileSync('src/exports.txt', 'utf8').trim().split('\n').sort(), declared.sort());
  });

  test('is within its budget', () => {
    assert.ok(bytes.length <= WASM_BUDGET, `${bytes.length} bytes of ${WASM_BUDGET}`);
  });

  test('starts with 1 MiB, stack and data at its foot, and grows', () => {
    const { memory, __heap_base } = new WebAssembly.Instance(module).exports;
    assert.equal(memory.buffer.byteLength, 16 * PAGE);
    // 64 KiB of stack lie below the data: whoever runs over it leaves memory and traps.
    assert.ok(
      __heap_base.value >= PAGE && __heap_base.value < 2 * PAGE,
      `__heap_base is ${__heap_base.value}`,
    );
    assert.equal(memory.grow(16), 16);
  });

  test('may grow to 4 GiB', () => {
    const [minimum, maximum] = memoryLimits(bytes);
    assert.deepEqual([minimum * PAGE, maximum * PAGE], [2 ** 20, 2 ** 32]);
  });
});

/** Minimum and maximum of the memory section, in pages. @param {Uint8Array} wasm */
function memoryLimits(wasm) {
  let at = 8;
  const number = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = wasm[at++];
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
  };
  while (at < wasm.length) {
    const id = wasm[at++];
    const end = number() + at;
    if (id === 5) {
      assert.equal(number(), 1, 'one memory');
      assert.equal(wasm[at++], 1, 'with a maximum, not shared, 32 bits');
      return [number(), number()];
    }
    at = end;
  }
  throw new Error('no memory section');
}

describe('wasm.js', () => {
  test('gives the bytes of logitkit.wasm', () => {
    assert.deepEqual(Buffer.from(source()), bytes);
  });

  test('is what scripts/embed.js packs, whatever the bytes', () => {
    const every = Uint8Array.from({ length: 256 * 3 + 1 }, (_, i) => i);
    const packed = /'([A-Za-z0-9+/=]+)'/.exec(embedded(every, 'every'));
    assert.deepEqual(unpack(packed?.[1] ?? '', every.length), every);
  });
});

describe('unpack.js', () => {
  test('inflates what zlib deflates: stored, fixed and dynamic blocks, long runs, nothing', () => {
    const inputs = [
      bytes,
      Buffer.alloc(0),
      Buffer.from('a'),
      Buffer.alloc(100000),
      Buffer.from('one two three, two three one. '.repeat(400)),
      Buffer.from(Array.from({ length: 70000 }, (_, i) => (i * i * 31 + (i >> 3)) & 255)),
    ];
    const { Z_FIXED, Z_DEFAULT_STRATEGY, Z_HUFFMAN_ONLY } = constants;
    for (const input of inputs) {
      for (const level of [0, 1, 9]) {
        for (const strategy of [Z_DEFAULT_STRATEGY, Z_FIXED, Z_HUFFMAN_ONLY]) {
          const packed = deflateRawSync(input, { level, strategy });
          assert.deepEqual(Buffer.from(inflate(packed, input.length)), input);
        }
      }
    }
  });
});

describe('abi.js', () => {
  test('is what logitkit.h says', () => {
    const { LK, OFFSETS, SIZES } = parse(readFileSync('src/logitkit.h', 'utf8'));
    assert.deepEqual({ ...abi }, { LK, OFFSETS, SIZES });
    assert.equal(SIZES.sampler, 8 * Object.keys(OFFSETS.sampler).length);
    assert.equal(OFFSETS.sampler.temperature, 0);
    assert.ok(Object.isFrozen(abi.LK));
  });

  test('constants: #define, enumerators counted on, expressions, comments', () => {
    const { LK } = parse(`
      #define LK_SIX 6 /* half a dozen */
      #define LK_MASK ((1u << LK_SIX) - 1) // all of them
      #  define LK_LONG \\
        0x10
      #define LK_THIRD 0.333f
      #define LK_TEXT "6"
      #define LK_TWICE(x) ((x) * 2)
      #define LK_UNKNOWN (SIZE + 1)
      /* #define LK_GONE 1 */
      enum lk_kind { LK_A, LK_B = LK_SIX + 2, /* LK_X, */ LK_C, LK_D = -1, LK_E, };
      typedef enum { LK_F = ~0 & 0xff } lk_other;`);
    const expected = { SIX: 6, MASK: 63, LONG: 16, A: 0, B: 8, C: 9, D: -1, E: 0, F: 255 };
    assert.deepEqual(LK, expected);
  });

  test('expressions bind as in C', () => {
    const known = new Map([['LK_N', 5n]]);
    for (const [text, value] of [
      ['1 + 2 * 3', 7n],
      ['(1 + 2) * 3', 9n],
      ['1 << 2 + 1', 8n],
      ['7 - 2 - 1', 4n],
      ['16 / 4 / 2', 2n],
      ['1 | 6 & 3', 3n],
      ['-LK_N + 0x1F', 26n],
      ['4 ^ 1 | 2', 7n],
    ]) {
      assert.equal(evaluate(text, known), value, text);
    }
    for (const text of ['', '1 +', '(1', '1.5', '1 2', 'LK_M', '"a"', '2e3']) {
      assert.equal(evaluate(text, known), undefined, text);
    }
  });

  test('layouts: fields of 8 bytes in order, arrays, pointers, camel case', () => {
    const { OFFSETS, SIZES } = parse(`
      #define LK_N 3
      /* abi */
      typedef struct lk_two_words {
        double top_k; /* not; a field */
        LK_PTR(const float) row;
        uint64_t counts[LK_N + 1];
        int64_t last_n_seen;
      } lk_two_words;
      typedef struct { char c; } lk_private;
      /* abi */
      typedef struct { double x; } lk_one;`);
    assert.deepEqual(OFFSETS, { twoWords: { topK: 0, row: 8, counts: 16, lastNSeen: 48 }, one: { x: 0 } });
    assert.deepEqual(SIZES, { twoWords: 56, one: 8 });
  });

  test('refuses what it cannot lay out', () => {
    const struct = (body) => `/* abi */\ntypedef struct {${body}} lk_s;`;
    assert.throws(() => parse(struct('float x;')), /struct lk_s: 'float x' is no field of 8 bytes/);
    assert.throws(() => parse(struct('double a, b;')), /'double a, b'/);
    assert.throws(() => parse(struct('double a; double a;')), /a twice/);
    assert.throws(() => parse(struct('double a[LK_N];')), /length of 'double a\[LK_N\]'/);
    assert.throws(() => parse('\n/* abi */\nstruct x { double a; };'), /line 2: no 'typedef struct/);
    assert.throws(() => parse('enum { LK_A = sizeof(int) };'), /LK_A: cannot evaluate/);
    assert.throws(() => parse('#define LK_A 0xffffffffffffffff'), /LK_A.*no safe integer/);
  });
});

describe('the rules of the repository', () => {
  test('every file keeps them', () => {
    const all = files();
    assert.ok(all.length > 20);
    assert.deepEqual(
      all.flatMap((path) => check(path, readFileSync(path, 'utf8'))),
      [],
    );
  });

  test('js/ computes with no Math function whose bits may differ', () => {
    const allowed = ['fround', 'imul', 'clz32', 'sqrt', 'abs', 'floor', 'min', 'max', 'trunc'];
    for (const name of Object.getOwnPropertyNames(Math)) {
      const found = check('js/a.js', `export const a = Math.${name};\n`);
      assert.equal(found.length, allowed.includes(name) ? 0 : 1, name);
    }
    const wrong = [
      'const { exp } = Math;',
      'const m = Math;',
      "Math['exp'](1);",
      'globalThis.Math?.exp(1);',
      'x ** y;',
      '2 ** y;',
      '3 ** 2;',
    ];
    for (const line of wrong) assert.equal(check('js/a.js', `${line}\n`).length > 0, true, line);
    const right = [
      '// Math.exp is not for us',
      '/** Math.log */ f();',
      'const limit = 2 ** 53;',
      'const b = 2n ** 64n;',
    ];
    for (const line of right) assert.deepEqual(check('js/a.js', `${line}\n`), [], line);
    assert.deepEqual(check('web/a.js', 'Math.exp(1);\n'), []);
  });

  test('no module of Node, no skipped test, no loose end, no machine, no long file', () => {
    const word = (...parts) => parts.join('');
    for (const [path, text] of [
      ['js/a.js', "import fs from 'node:fs';\nfs.a();\n"],
      ['web/a.js', "await import('node:fs');\n"],
      ['js/a.js', 'import.meta.url;\n'],
      ['tests/a.test.js', word('test.', "skip('a', f);\n")],
      ['tests/a.test.js', word('test(a, { ', 'todo: true }, f);\n')],
      ['src/a.c', word('/* TO', 'DO: later */\n')],
      ['README.md', word('see /tm', 'p/a\n')],
      ['package-lock.json', word('"resol', 'ved": "x"\n')],
      ['.npmrc', word('registry=https://regis', 'try.example.org\n')],
      ['src/a.c', '\n'.repeat(401)],
    ]) {
      assert.equal(check(path, text).length, 1, `${path}: ${text.slice(0, 40)}`);
    }
    assert.deepEqual(check('src/a.c', '\n'.repeat(400)), []);
    assert.deepEqual(check('tests/a.test.js', "test('the only one', f);\n"), []);
  });
});

describe('serve.js', () => {
  const folder = mkdtempSync(join(tmpdir(), 'logitkit-serve-'));
  /** @type {Awaited<ReturnType<typeof serve>>} */
  let server;
  before(async () => {
    for (const name of ['index.html', 'a.js', 'a b.wasm', 'style.css'])
      writeFileSync(join(folder, name), name);
    server = await serve(folder);
  });
  after(async () => {
    await server.close();
    rmSync(folder, { recursive: true });
  });

  /** The path goes out as it is: fetch would tidy it. @param {string} path @param {string} [method] */
  const request = (path, method = 'GET') =>
    new Promise((resolve, reject) => {
      const { port } = new URL(server.url);
      get({ host: '127.0.0.1', port, path, method }, (response) => {
        let body = '';
        response.on('data', (chunk) => {
          body += chunk;
        });
        response.on('end', () =>
          resolve({ status: response.statusCode, type: response.headers['content-type'], body }),
        );
      }).on('error', reject);
    });

  test('serves files with their types', async () => {
    const html = 'text/html; charset=utf-8';
    assert.deepEqual(await request('/'), { status: 200, type: html, body: 'index.html' });
    assert.deepEqual(await request('/index.html?x=../y#z'), { status: 200, type: html, body: 'index.html' });
    assert.equal((await request('/a.js')).type, 'text/javascript; charset=utf-8');
    assert.equal((await request('/style.css')).type, 'text/css; charset=utf-8');
    assert.deepEqual(await request('/a%20b.wasm'), {
      status: 200,
      type: 'application/wasm',
      body: 'a b.wasm',
    });
    assert.deepEqual(await request('/a.js', 'HEAD'), {
      status: 200,
      type: 'text/javascript; charset=utf-8',
      body: '',
    });
  });

  test('never leaves its folder', async () => {
    assert.ok(existsSync('package.json'));
    const up = '/..'.repeat(20);
    const outside = [
      `${up}/etc/passwd`,
      `${up.replaceAll('.', '%2e')}/etc/passwd`,
      '/..%2f..%2f..%2fetc%2fpasswd',
    ];
    for (const path of [
      ...outside,
      `/../${folder.split('/').pop()}x/a`,
      '/%00',
      '/%',
      '/none',
      '//etc/passwd',
    ]) {
      assert.equal((await request(path)).status, 404, path);
    }
    assert.equal((await request('/', 'POST')).status, 405);
  });
});
