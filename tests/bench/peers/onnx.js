/**
 * Writes one-graph ONNX models: just the part of the protobuf format they need, by hand.
 * Field numbers are those of onnx.proto3.
 */

const FLOAT = 1;
const INT64 = 7;
const TYPES = { float: FLOAT, int64: INT64 };
const OPSET = 17;
const IR_VERSION = 8;

function varint(value) {
  const bytes = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return bytes;
}

const integer = (field, value) => [...varint(field << 3), ...varint(value)];
const bytes = (field, content) => [...varint((field << 3) | 2), ...varint(content.length), ...content];
const text = (field, string) => bytes(field, [...new TextEncoder().encode(string)]);
const float = (field, value) => [
  ...varint((field << 3) | 5),
  ...new Uint8Array(new Float32Array([value]).buffer),
];

function attribute([name, value]) {
  if (Array.isArray(value)) {
    return bytes(5, [...text(1, name), ...integer(20, 7), ...value.flatMap((x) => integer(8, x))]);
  }
  if (Number.isInteger(value)) return bytes(5, [...text(1, name), ...integer(20, 2), ...integer(3, value)]);
  return bytes(5, [...text(1, name), ...integer(20, 1), ...float(2, value)]);
}

function node([operator, inputs, outputs, attributes = {}]) {
  return bytes(1, [
    ...inputs.flatMap((name) => text(1, name)),
    ...outputs.flatMap((name) => text(2, name)),
    ...text(4, operator),
    ...Object.entries(attributes).flatMap(attribute),
  ]);
}

function valueInfo(field, [name, type, dims]) {
  const shape = dims.flatMap((dim) => bytes(1, integer(1, dim)));
  const tensor = [...integer(1, TYPES[type]), ...bytes(2, shape)];
  return bytes(field, [...text(1, name), ...bytes(2, bytes(1, tensor))]);
}

function initializer([name, type, dims, values]) {
  const raw = type === 'float' ? new Float32Array(values) : BigInt64Array.from(values, BigInt);
  return bytes(5, [
    ...dims.flatMap((dim) => integer(1, dim)),
    ...integer(2, TYPES[type]),
    ...text(8, name),
    ...bytes(9, new Uint8Array(raw.buffer)),
  ]);
}

/**
 * @typedef {object} Graph
 * @property {Array<[string, string[], string[], object?]>} nodes   operator, inputs, outputs, attributes
 * @property {Array<[string, string, number[]]>} inputs             name, 'float' | 'int64', dims
 * @property {Array<[string, string, number[]]>} outputs
 * @property {Array<[string, string, number[], Iterable<number>]>} [constants]
 *
 * @param {Graph} graph
 * @returns {Uint8Array} the model file
 */
export function onnxModel({ nodes, inputs, outputs, constants = [] }) {
  const graph = [
    ...nodes.flatMap(node),
    ...text(2, 'bench'),
    ...constants.flatMap(initializer),
    ...inputs.flatMap((info) => valueInfo(11, info)),
    ...outputs.flatMap((info) => valueInfo(12, info)),
  ];
  return Uint8Array.from([
    ...integer(1, IR_VERSION),
    ...bytes(7, graph),
    ...bytes(8, [...text(1, ''), ...integer(2, OPSET)]),
  ]);
}
