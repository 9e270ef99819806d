/**
 * The derivative of f at x by central differences, extrapolated twice (Richardson): steps h, h/2, h/4, of which the errors
 * in h^2 and h^4 cancel.
 *
 * @param {(x: number) => number} f in float64
 * @param {number} x
 * @param {number} [h]
 */
export function derivative(f, x, h = 2 ** -6) {
  const central = (step) => (f(x + step) - f(x - step)) / (2 * step);
  const [a, b, c] = [central(h), central(h / 2), central(h / 4)];
  const [ab, bc] = [(4 * b - a) / 3, (4 * c - b) / 3];
  return (16 * bc - ab) / 15;
}

/**
 * The gradient of f at a row.
 * @param {(x: Float64Array) => number} f
 * @param {ArrayLike<number>} row
 */
export function gradient(f, row) {
  const x = Float64Array.from(row);
  return Array.from(x, (value, i) =>
    derivative((moved) => {
      x[i] = moved;
      const result = f(x);
      x[i] = value;
      return result;
    }, value),
  );
}
