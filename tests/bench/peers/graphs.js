/** The operations as ONNX graphs over one row x[1, n]. */

const LEAST = -1e30;

const graph = (n, nodes, type, dims, constants = []) => ({
  nodes,
  constants,
  inputs: [['x', 'float', [1, n]]],
  outputs: [['y', type, dims]],
});

/** One operator from row to row, after dividing by a temperature where it is not 1. */
export function rowGraph(n, operator, temperature = 1) {
  if (temperature === 1) return graph(n, [[operator, ['x'], ['y'], { axis: 1 }]], 'float', [1, n]);
  return graph(
    n,
    [
      ['Mul', ['x', 'factor'], ['scaled']],
      [operator, ['scaled'], ['y'], { axis: 1 }],
    ],
    'float',
    [1, n],
    [['factor', 'float', [1], [1 / temperature]]],
  );
}

export const logSumExpGraph = (n) =>
  graph(n, [['ReduceLogSumExp', ['x'], ['y'], { axes: [1], keepdims: 1 }]], 'float', [1, 1]);

export const argmaxGraph = (n) =>
  graph(n, [['ArgMax', ['x'], ['y'], { axis: 1, keepdims: 1 }]], 'int64', [1, 1]);

/**
 * Penalty, temperature, top-k, top-p, min-p and a multinomial draw, each only where it is asked for.
 * Top-p alone needs the whole row sorted: TopK with k = n is how ONNX sorts.
 */
export function drawGraph(
  n,
  { temperature = 1, topK = 0, topP = 1, minP = 0, repetitionPenalty = 1, history = [] },
) {
  const nodes = [];
  const constants = [];
  let logits = 'x';
  let ids = '';
  const constant = (name, type, dims, values) => {
    constants.push([name, type, dims, values]);
    return name;
  };
  const step = (operator, inputs, output, attributes) => {
    nodes.push([operator, inputs, [output], attributes]);
    return output;
  };

  if (repetitionPenalty !== 1) {
    const at = constant('history', 'int64', [1, history.length], history);
    const zero = constant('zero', 'float', [1], [0]);
    const r = constant('penalty', 'float', [1], [repetitionPenalty]);
    const seen = step('GatherElements', [logits, at], 'seen', { axis: 1 });
    const less = step('Div', [seen, r], 'divided');
    const more = step('Mul', [seen, r], 'multiplied');
    const positive = step('Greater', [seen, zero], 'positive');
    const updated = step('Where', [positive, less, more], 'updated');
    logits = step('ScatterElements', [logits, at, updated], 'penalised', { axis: 1 });
  }
  if (temperature !== 1) {
    logits = step('Mul', [logits, constant('factor', 'float', [1], [1 / temperature])], 'scaled');
  }
  if (topK > 0 || topP < 1) {
    const k = constant('k', 'int64', [1], [topK > 0 ? Math.min(topK, n) : n]);
    nodes.push(['TopK', [logits, k], ['values', 'ids'], { axis: 1, largest: 1, sorted: 1 }]);
    logits = 'values';
    ids = 'ids';
  }
  const least = () =>
    constants.find(([name]) => name === 'least')?.[0] ?? constant('least', 'float', [1], [LEAST]);
  if (topP < 1) {
    const axis = constant('axis', 'int64', [], [1]);
    const probs = step('Softmax', [logits], 'probs', { axis: 1 });
    const before = step('CumSum', [probs, axis], 'before', { exclusive: 1 });
    const inside = step('Less', [before, constant('p', 'float', [1], [topP])], 'inside');
    logits = step('Where', [inside, logits, least()], 'nucleus');
  }
  if (minP > 0) {
    const max = step('ReduceMax', [logits], 'max', { axes: [1], keepdims: 1 });
    const cutoff = step('Add', [max, constant('gap', 'float', [1], [Math.log(minP)])], 'cutoff');
    const likely = step('GreaterOrEqual', [logits, cutoff], 'likely');
    logits = step('Where', [likely, logits, least()], 'kept');
  }
  const drawn = ids === '' ? 'y' : 'drawn';
  step('Multinomial', [logits], drawn, { dtype: 7, sample_size: 1 });
  if (ids !== '') step('GatherElements', [ids, 'drawn'], 'y', { axis: 1 });
  return graph(n, nodes, 'int64', [1, 1], constants);
}
