/** The pairs of a Map, of an array of pairs, or of an object with integer keys. */
export function entries(table) {
  if (!table) return [];
  if (table instanceof Map) return [...table];
  if (Array.isArray(table)) return table;
  return Object.entries(table).map(([key, value]) => [Number(key), value]);
}

/** How many tokens the model has produced: the position of the next one. */
export function positionOf({ position, outputs = [] }) {
  return position ?? outputs.filter(Boolean).length;
}

/** Whether the history ends with these tokens. */
export function endsWith(history, tokens) {
  return tokens.length <= history.length && tokens.every((t, i) => history.at(i - tokens.length) === t);
}
