export { echo, sha512 } from './operations.js';
