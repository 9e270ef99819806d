// Logits from standard input, a JSON array per line; a token per line out. Options are the one argument, as JSON:
//   ./model | node cli.js '{"temperature": 0.8, "topK": 40, "seed": 42}'
import { Sampler } from 'logitkit';

/** @param {AsyncIterable<string>} input */
async function* lines(input) {
  let rest = '';
  for await (const text of input) {
    const parts = (rest + text).split('\n');
    rest = /** @type {string} */ (parts.pop());
    yield* parts;
  }
  yield rest;
}

const options = JSON.parse(process.argv[2] ?? '{}');
/** @type {Sampler | undefined} */
let sampler;
let number = 0;
try {
  for await (const line of lines(process.stdin.setEncoding('utf8'))) {
    number++;
    if (line.trim() === '') continue;
    const logits = JSON.parse(line);
    sampler ??= new Sampler(logits.length, options);
    console.log(sampler.sample(logits));
  }
} catch (error) {
  console.error(`line ${number}: ${error}`);
  process.exitCode = 1;
}
