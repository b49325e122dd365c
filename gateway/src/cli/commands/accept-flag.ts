import { hazards, type Hazard } from '../gateway/schema-api.ts';

/** The flag that accepts hazards, the worst first: `--accept DATA_LOSS,LOCK`. */
export function acceptFlag(accepted: readonly Hazard[]): string {
  return `--accept ${hazards.filter((hazard) => accepted.includes(hazard)).join(',')}`;
}
