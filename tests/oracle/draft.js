/**
 * What followed the latest earlier occurrence of the longest ending, by trying every length at every place.
 *
 * @param {number[]} history
 * @param {{ max?: number, ngram?: number, min?: number }} [options]
 */
export function draft(history, { max = 8, ngram = 3, min = 1 } = {}) {
  for (let length = ngram; length >= min; length--) {
    const ending = history.slice(-length).join();
    for (let end = history.length - 1; end >= length && length < history.length; end--) {
      if (history.slice(end - length, end).join() === ending) return history.slice(end, end + max);
    }
  }
  return [];
}
