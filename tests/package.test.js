// What npm would publish: its files, sizes and types, and that it works where it is installed.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

const KB = 1024;
const folder = mkdtempSync(join(tmpdir(), 'logitkit-package-'));
const project = join(folder, 'project');
const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
/** @type {{ size: number, filename: string, files: { path: string }[] }} */
let packed;
let tarball = '';

/** Runs a command that must succeed. @param {string} command @param {string[]} args @param {string} [cwd] */
function run(command, args, cwd) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  assert.equal(status, 0, `${command} ${args.join(' ')}\n${stdout}${stderr}`);
  return stdout;
}

/** Runs a program in the project that has installed the package. @param {string} name @param {string} text */
function runInProject(name, text) {
  writeFileSync(join(project, name), text);
  return run(process.execPath, ['--disable-warning=ExperimentalWarning', name], project);
}

before(() => {
  const pack = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
  [packed] = JSON.parse(run('npm', pack));
  tarball = join(folder, packed.filename);
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), '{ "private": true, "type": "module" }');
  run('npm', ['install', '--offline', '--ignore-scripts', '--no-audit', '--no-fund', tarball], project);
});
after(() => rmSync(folder, { recursive: true }));

describe('the tarball', () => {
  test('holds what is meant for users, nothing else', () => {
    const types = packed.files
      .map(({ path }) => path)
      .filter((path) => /^dist\/types\/(?:[\w.-]+\/)?[\w.-]+\.d\.ts$/.test(path));
    assert.ok(types.includes('dist/types/index.d.ts'));
    const others = packed.files.map(({ path }) => path).filter((path) => !types.includes(path));
    assert.deepEqual(others.sort(), [
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'dist/core.js',
      'dist/index.js',
      'dist/index.workerd.js',
      'dist/js.js',
      'dist/library.js',
      'dist/logitkit.iife.js',
      'dist/logitkit.wasm',
      'dist/logitkit.wasm.d.ts',
      'dist/onnxruntime.js',
      'dist/onnxruntime.workerd.js',
      'dist/transformers.js',
      'dist/transformers.workerd.js',
      'dist/web-llm.js',
      'dist/web-llm.workerd.js',
      'package.json',
    ]);
  });

  test('is at most 250 KB', () => assert.ok(packed.size <= 250 * KB, `${packed.size} bytes`));

  test('depends on nothing', () => {
    for (const kind of ['dependencies', 'peerDependencies', 'optionalDependencies', 'bundleDependencies']) {
      assert.equal(manifest[kind], undefined, kind);
    }
    const inside = JSON.parse(readFileSync(join(project, 'node_modules/logitkit/package.json'), 'utf8'));
    assert.equal(inside.scripts.install ?? inside.scripts.postinstall, undefined);
  });

  test('has only exact development dependencies', () => {
    for (const [name, version] of Object.entries(manifest.devDependencies)) {
      assert.match(version, /^(npm:.+@)?\d+\.\d+\.\d+$/, name);
    }
  });

  test('main and types, which old tools read, are those of the exports', () => {
    const { types, default: main } = manifest.exports['.'];
    assert.deepEqual([manifest.types, manifest.main], [types, main]);
  });

  test('pleases publint', async () => {
    const { messages, pkg } = await publint({ pkgDir: resolve('.'), strict: true });
    assert.deepEqual(
      messages.map((message) => formatMessage(message, pkg)),
      [],
    );
  });

  test('resolves with its types wherever ES modules do', () => {
    run(resolve('node_modules/.bin/attw'), [tarball, '--profile', 'esm-only', '--no-color', '--no-emoji']);
  });
});

describe('the main entry', () => {
  const files = ['dist/core.js', 'dist/library.js', 'dist/index.js'];
  const text = files.map((file) => readFileSync(file, 'utf8')).join('');

  test('is the library and the core, without further imports, import.meta and top-level await', async () => {
    const { metafile } = await build({
      entryPoints: ['dist/index.js'],
      bundle: true,
      format: 'iife', // knows neither import.meta nor top-level await
      logOverride: { 'empty-import-meta': 'error' },
      logLevel: 'silent',
      metafile: true,
      write: false,
    });
    assert.deepEqual(Object.keys(metafile.inputs), files);
    assert.doesNotMatch(text, /["']node:|import\.meta|#wasm|\brequire\(|\bprocess\.|\bBuffer\b/);
  });

  test('its classes have their names, for debuggers and messages', async () => {
    for (const file of ['index.js', 'js.js']) {
      const library = await import(resolve('dist', file));
      for (const name of ['Sampler', 'LogitsError', 'StateError', 'UnsupportedError'])
        assert.equal(library[name].name, name, file);
    }
  });

  test('is at most 64 KB gzipped, of which the library is 40', () => {
    const [core, library, entry] = files.map((file) => gzipSync(readFileSync(file), { level: 9 }).length);
    assert.ok(
      library <= 40 * KB && core + library + entry <= 64 * KB,
      `${library}, ${core} and ${entry} bytes`,
    );
  });

  /** @param {string} program of a user @returns what a bundler makes of it */
  async function bundled(program) {
    const { outputFiles } = await build({
      stdin: { contents: program, resolveDir: project },
      bundle: true,
      minify: true,
      format: 'esm',
      write: false,
    });
    const [{ contents, text }] = outputFiles;
    return { text, size: gzipSync(contents, { level: 9 }).length };
  }

  test('leaves at most 30 KB gzipped of a bundle that uses softmax alone', async () => {
    const bundle = await bundled("import { softmax } from 'logitkit'; console.log(softmax([1, 2]));");
    assert.ok(!bundle.text.includes('minKeep'), 'the sampler is left out');
    assert.ok(bundle.size <= 30 * KB, `${bundle.size} bytes`);
  });

  test('leaves at most 54 KB gzipped of a bundle that uses the Sampler alone', async () => {
    const bundle = await bundled(
      "import { Sampler } from 'logitkit'; console.log(new Sampler(8).sample([1]));",
    );
    assert.ok(!bundle.text.includes('num_beams'), "the engines' parameters are left out");
    assert.ok(bundle.size <= 54 * KB, `${bundle.size} bytes`);
  });

  test('leaves no core in a bundle that computes nothing', async () => {
    for (const [program, most] of [
      ["import { OPTIONS } from 'logitkit'; console.log(OPTIONS);", 6],
      ["import { toEngine } from 'logitkit'; console.log(toEngine({ topK: 40 }, 'vllm'));", 18],
    ]) {
      const { size } = await bundled(String(program));
      assert.ok(size <= Number(most) * KB, `${program} ${size} bytes`);
    }
  });

  test('has its core also where a bundler takes all that is installed to be without effects', async () => {
    const outfile = join(folder, 'pure.js');
    /** @type {import('esbuild').Plugin} */
    const pure = {
      name: 'pure',
      setup(plugin) {
        plugin.onResolve({ filter: /^logitkit$/ }, () => ({
          path: join(project, 'node_modules/logitkit/dist/index.js'),
          sideEffects: false,
        }));
      },
    };
    await build({
      stdin: {
        contents: "import { argmax } from 'logitkit'; console.log(argmax([1, 3, 2]));",
        resolveDir: project,
      },
      bundle: true,
      format: 'esm',
      outfile,
      plugins: [pure],
    });
    assert.equal(run(process.execPath, [outfile]), '1\n');
  });

  test('does no work when imported, and compiles once when used', () => {
    const out = runInProject(
      'lazy.js',
      `let compiled = 0;
      const { Module } = WebAssembly;
      WebAssembly.Module = class extends Module { constructor(...args) { super(...args); compiled++; } };
      const decode = globalThis.atob;
      globalThis.atob = (text) => { compiled += 100; return decode(text); };
      const { softmax } = await import('logitkit');
      const first = compiled;
      softmax([1, 2]);
      globalThis.atob = () => { throw new Error('decoded twice'); };
      softmax([1, 2]);
      console.log(first, compiled % 100);`,
    );
    assert.equal(out, '0 1\n');
  });
});

describe('the workerd entry', () => {
  test('computes the same with a module that the host compiled', async () => {
    const text = readFileSync('dist/index.workerd.js', 'utf8');
    const imports = [...text.matchAll(/\bfrom"([^"]+)"/g)].map(([, from]) => from);
    assert.deepEqual(imports, ['./logitkit.wasm', './library.js']);
    const host = {
      name: 'host',
      /** @param {import('esbuild').PluginBuild} plugin */
      setup(plugin) {
        plugin.onResolve({ filter: /^\.\/logitkit\.wasm$/ }, () => ({ path: 'core', namespace: 'host' }));
        plugin.onLoad({ filter: /.*/, namespace: 'host' }, () => ({
          contents: 'export default globalThis.core;',
        }));
      },
    };
    const outfile = join(folder, 'worker.js');
    await build({
      entryPoints: ['dist/index.workerd.js'],
      bundle: true,
      format: 'esm',
      outfile,
      plugins: [host],
    });
    const program = `const { Module } = WebAssembly;
      globalThis.core = new Module((await import('node:fs')).readFileSync(${JSON.stringify(resolve('dist/logitkit.wasm'))}));
      WebAssembly.Module = class { constructor() { throw new Error('workerd compiles nothing'); }
        static [Symbol.hasInstance](value) { return value === globalThis.core; } };
      const { softmax } = await import(${JSON.stringify(pathToFileURL(outfile).href)});
      console.log(JSON.stringify([...softmax([1, 5, 6, 3])]));`;
    const { softmax } = await import('../dist/index.js');
    assert.equal(runInProject('worker-host.js', program), `${JSON.stringify([...softmax([1, 5, 6, 3])])}\n`);
  });
});

describe('installed', () => {
  test("README's first example runs as pasted", () => {
    const [, example] = /```js\n([\s\S]*?)```/.exec(readFileSync('README.md', 'utf8')) ?? [];
    assert.match(example, /from 'logitkit'/);
    runInProject('example.js', example);
  });

  test('import and the compiled core by their names', () => {
    const out = runInProject(
      'names.js',
      `import { readFileSync } from 'node:fs';
      import { softmax } from 'logitkit';
      const core = new URL(import.meta.resolve('logitkit/logitkit.wasm'));
      const { version } = JSON.parse(readFileSync(new URL(import.meta.resolve('logitkit/package.json'))));
      console.log(WebAssembly.validate(readFileSync(core)), version, softmax([1, 5, 6, 3]).length);`,
    );
    assert.equal(out, `true ${manifest.version} 4\n`);
  });

  test('require() from CommonJS where Node can', () => {
    const program = `let found;
      try { found = typeof require('logitkit').softmax; } catch (error) { found = error.code; }
      console.log(found);`;
    const [major, minor] = process.versions.node.split('.').map(Number);
    const can = major > 22 || (major === 22 && minor >= 12) || (major === 20 && minor >= 19);
    assert.equal(runInProject('common.cjs', program), `${can ? 'function' : 'ERR_REQUIRE_ESM'}\n`);
  });

  test('types tell what every option does, where editors show it', async () => {
    const { OPTIONS } = await import('../dist/index.js');
    const types = join(project, 'node_modules/logitkit/dist/types/shared.d.ts');
    const text = readFileSync(types, 'utf8');
    for (const { name, does } of Object.values(OPTIONS))
      assert.ok(text.includes(`    /** ${does} */\n    ${name}: {\n`), name);
  });

  test('types hold for users of strict TypeScript, with and without the DOM', () => {
    const program = `import { init, Sampler, softmax } from 'logitkit';
      import type { CrossEntropyGradOptions, DraftOptions, SampleNOptions, SoftmaxBackwardOptions, SoftmaxGradOptions, Verified } from 'logitkit';
      import core from 'logitkit/logitkit.wasm';
      const ready: Promise<void> = init(core);
      const p: Float32Array = softmax([1, 2, 3], { temperature: 0.5 });
      softmax(new Float64Array(4)); softmax(new Uint16Array(4), { dtype: 'bfloat16' });
      const sampler = new Sampler(4, { temperature: 0.8, topK: 40, seed: 42n });
      const token: number = sampler.sample(p);
      class Own extends Sampler { steps(n: number, options?: SampleNOptions & DraftOptions) { return n + Number(options?.max); } }
      const own: Own = new Own(4).fork();
      const verified: Verified = own.verify(own.draft(), null, p);
      type Named = CrossEntropyGradOptions | SoftmaxBackwardOptions | SoftmaxGradOptions;
      export { type Named, verified };
      // @ts-expect-error an unknown option
      new Sampler(4, { top_k: 40 });
      // @ts-expect-error not a row
      softmax('1, 2, 3');
      export { ready, token };`;
    writeFileSync(join(project, 'user.ts'), program);
    for (const lib of ['es2022', 'es2022,dom', 'esnext,dom']) {
      const options = [
        '--noEmit',
        '--strict',
        '--skipLibCheck',
        'false',
        '--types',
        '',
        '--target',
        'es2022',
      ];
      run(
        resolve('node_modules/typescript/bin/tsc'),
        [...options, '--module', 'nodenext', '--lib', lib, 'user.ts'],
        project,
      );
    }
    const bundler = ['--noEmit', '--strict', '--module', 'esnext', '--moduleResolution', 'bundler'];
    run(resolve('node_modules/typescript/bin/tsc'), [...bundler, '--target', 'es2022', 'user.ts'], project);
  });
});
