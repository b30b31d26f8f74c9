import { createHash } from 'node:crypto';

export const sha512 = (bytes) => createHash('sha512').update(bytes).digest('hex');
