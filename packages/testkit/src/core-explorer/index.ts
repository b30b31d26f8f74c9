export { CONFIGURATIONS, type Configuration } from './configurations.js';
export { type BrokenPath, type Exploration, explore } from './explore.js';
export { formatBroken, formatExploration, formatHeading } from './format-exploration.js';
