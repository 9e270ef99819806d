/** Pages that run the program and leave what it gives, or why it failed, in `<html data-result>`. */

/** What a page may do: its own scripts, compiling WebAssembly, its own workers; nothing from elsewhere, no eval. */
export const STRICT =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'";

/** @param {string} script a tag @param {string} [policy] */
export const page = (script, policy) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
${policy ? `<meta http-equiv="Content-Security-Policy" content="${policy}">` : ''}
<title>logitkit</title>
</head>
<body>
${script}
</body>
</html>
`;

export const MODULE = '<script type="module" src="./main.js"></script>';
export const CLASSIC = '<script defer src="./main.js"></script>';

/** The script of such a page. */
export const MAIN = `import { run } from './program.js';
const { dataset } = document.documentElement;
try {
  dataset.result = run();
} catch (error) {
  dataset.result = String(error);
}
`;
