export { type Loaded, load } from './load.js';
export { mapFile } from './memory-map.js';
export { OsControlError } from './os-control-error.js';
