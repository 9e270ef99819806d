/** Pixels of the widest text, whatever the font. @param {unknown[]} texts SVG text elements */
export const widest = (texts) =>
  Math.ceil(
    Math.max(0, ...texts.map((text) => /** @type {SVGTextElement} */ (text).getComputedTextLength())),
  );
