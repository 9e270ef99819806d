/** Where the fields of the struct that describes a step to the core, lk_sampler, stand: bytes from its start. */
import { OFFSETS } from '../dist/abi.js';
import { table } from './table.js';

export const AT = /* @__PURE__ */ table(() => OFFSETS.sampler);
