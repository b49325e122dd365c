import type { ProjectEngine } from '../http/project-surface.ts';
import { Refusal } from '../platform/errors/refusal.ts';

/** Until engine/execute is whole, projects' APIs answer nothing. */
export function startProjectEngine(): ProjectEngine {
  const refuse = () => Promise.reject(new Refusal('NOT_READY', 'There is no engine yet.'));
  return { execute: refuse, printApi: refuse };
}
