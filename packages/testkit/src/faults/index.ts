export { type CampaignOptions, runCampaign } from './campaign.js';
export { type CampaignReport, formatCampaign, isClean } from './campaign-report.js';
export { type Cell, isRight } from './cell.js';
export { FAULTS, type Fault } from './fault-table.js';
export { formatGrid } from './format-grid.js';
export { type Language, missingLanguages } from './language.js';
export { type GridOptions, runGrid } from './run-grid.js';
export { SETUPS, type Setup } from './setup.js';
