import type { AnswerBudget, AnswerMemory } from '../../platform/answer-budget.ts';
import type { Bytes, ByteList } from '../../platform/bytes.ts';

/** Counts the memory of results that clients do not read. */
export interface HeldResults {
  /**
   * Counts a result until the returned function is called. What several subscribers have in common counts once.
   * @param project its ref
   * @returns null if the project has used its memory for results
   */
  hold(project: string, result: ByteList): (() => void) | null;
}

interface Held {
  readonly memory: AnswerMemory;
  holders: number;
}

/** Shorter parts are not counted. A connection has few of them at once. */
const countedBytes = 16_384;

export function createHeldResults(budget: Pick<AnswerBudget, 'open'>): HeldResults {
  /** The parts of results by identity, which subscribers of one row of a cohort share. */
  const held = new Map<Bytes, Held>();

  const release = (part: Bytes): void => {
    const known = held.get(part);
    if (known === undefined) return;
    known.holders -= 1;
    if (known.holders > 0) return;
    known.memory.close();
    held.delete(part);
  };

  const hold = (project: string, part: Bytes): boolean => {
    const known = held.get(part);
    if (known !== undefined) {
      known.holders += 1;
      return true;
    }
    const memory = budget.open(project);
    if (memory.reserve(part.length) !== null) return false;
    held.set(part, { memory, holders: 1 });
    return true;
  };

  return {
    hold(project, { parts }) {
      const kept: Bytes[] = [];
      const releaseAll = () => kept.splice(0).forEach(release);
      for (const part of parts) {
        if (part.length < countedBytes) continue;
        if (!hold(project, part)) {
          releaseAll();
          return null;
        }
        kept.push(part);
      }
      return releaseAll;
    },
  };
}
