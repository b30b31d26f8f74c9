export * from './ledger-reader.js';
export * from './worker-process.js';
