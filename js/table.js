/**
 * A table that never changes, made when its module is loaded.
 *
 * Called with the mark `@__PURE__`, so that a bundle which does not need the table leaves it out. A function
 * called on the spot would not do, since minifiers put its result in its place, and what that reads stays in the bundle.
 *
 * @template {object} T
 * @param {() => T} make
 * @returns {T} frozen, with everything in it
 */
export function table(make) {
  return freeze(make());
}

/**
 * @template {object} T
 * @param {T} value
 * @returns {T}
 */
function freeze(value) {
  for (const part of Object.values(value)) if (typeof part === 'object' && part !== null) freeze(part);
  return Object.freeze(value);
}
