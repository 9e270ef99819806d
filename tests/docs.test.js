import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { ENGINES } from '../js/engines.js';
import { OPTIONS } from '../js/index.js';
import { enginesPage, optionsPage } from '../scripts/docs.js';
import { NOTES } from '../scripts/notes.js';

const page = (name) => readFileSync(new URL(`../docs/${name}`, import.meta.url), 'utf8');

test('the pages are what the tables say: make docs', () => {
  assert.equal(page('options.md'), optionsPage());
  assert.equal(page('engines.md'), enginesPage());
});

test('every option is documented with what it does, its formula or source, and its neutral value', () => {
  const text = page('options.md');
  for (const [name, option] of Object.entries(OPTIONS)) {
    assert.equal(option.name, name);
    assert.ok(option.does.endsWith('.') && option.source.length > 2, name);
    assert.ok(Object.hasOwn(option, 'neutral'), name);
    assert.match(text, new RegExp(`^\\| \`${name}\` \\|`, 'm'));
  }
});

test('every engine has a section', () => {
  for (const name of Object.keys(ENGINES)) {
    const { read, proof } = NOTES[name];
    assert.ok(read.length > 5 && proof.length > 5, name);
    assert.ok(page('engines.md').includes(`: \`'${name}'\`\n`), name);
  }
});
