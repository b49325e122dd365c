import { assertNever } from '../../../platform/assert-never.ts';
import { limits } from '../limits.ts';
import { disjointUnion, type CodePoints } from './code-points.ts';
import { PatternError, type PatternNode } from './parse-pattern.ts';
import type { PatternWork } from './pattern-work.ts';

/**
 * Rejects a pattern in which more than one part can match the next character of a text.
 *
 * JavaScript's matcher tries alternatives one after the other. If two of them accept the same character, the number of
 * attempts can double with each character of an attacker's text. In a pattern that is deterministic in the strong sense
 * (Brüggemann-Klein and Wood, "One-unambiguous regular languages", 1998), the next character alone decides, so matching
 * takes time linear in the length of the text. Glushkov's construction finds such patterns. A position is one
 * occurrence of a character or character class in the pattern, and each position has a set of positions that can follow
 * it. The characters of these positions must not overlap, and a position must not follow another in more than one way.
 *
 * Positions with the same followers share one set, so an alternation with many branches is checked once, not once for
 * each branch.
 *
 * @throws PatternError if the pattern is ambiguous, or if the check takes more work than `work` allows
 */
export function refuseAmbiguity(pattern: PatternNode, work: PatternWork): void {
  createAutomaton(work).walk(pattern);
}

/**
 * A subexpression of a pattern: the positions where its matches can start and end, and whether it can match the empty
 * string.
 */
interface Part {
  readonly nullable: boolean;
  /** The characters of the positions where a match can start. No two positions have a character in common. */
  readonly first: CodePoints;
  readonly last: readonly number[];
}

const none: CodePoints = [];

/** The work that each position takes in addition to its comparisons. */
const unitsPerPosition = 10;
const emptyPart: Part = { nullable: true, first: none, last: [] };

function createAutomaton(work: PatternWork) {
  /** For each position, the characters of the positions that can follow it. */
  const followers: CodePoints[] = [];

  /** Returns the union of the sets. @throws PatternError if a character is in two of the sets */
  const union = (sets: readonly CodePoints[]): CodePoints => {
    const [first = none, ...others] = sets.filter((set) => set.length > 0);
    return others.reduce((all, set) => {
      work.spend(all.length + set.length);
      return disjointUnion(all, set) ?? refuse();
    }, first);
  };

  const connect = (from: readonly number[], to: CodePoints) => {
    work.spend(from.length);
    const extended = new Map<CodePoints, CodePoints>();
    for (const position of from) {
      const before = followers[position] ?? none;
      let after = extended.get(before);
      if (after === undefined) {
        after = union([before, to]);
        extended.set(before, after);
      }
      followers[position] = after;
    }
  };

  const character = (set: CodePoints): Part => {
    if (followers.length >= limits.patternPositions) throw tooLong();
    work.spend(unitsPerPosition);
    const position = followers.push(none) - 1;
    return { nullable: false, first: set, last: [position] };
  };

  const sequence = (before: Part, after: Part): Part => {
    connect(before.last, after.first);
    return {
      nullable: before.nullable && after.nullable,
      first: before.nullable ? union([before.first, after.first]) : before.first,
      last: after.nullable ? [...before.last, ...after.last] : after.last,
    };
  };

  const choice = (branches: readonly Part[]): Part => {
    if (branches.filter((branch) => branch.nullable).length > 1) throw ambiguous();
    return {
      nullable: branches.some((branch) => branch.nullable),
      first: union(branches.map((branch) => branch.first)),
      last: branches.flatMap((branch) => branch.last),
    };
  };

  /** Expands `x{2,4}` to `xx(x(x)?)?`, and `x{2,}` to `xxx*`. */
  const repeat = (body: PatternNode, least: number, most: number | null): Part => {
    const copy = () => {
      const part = walk(body);
      if (part.nullable) throw repeatsNothing();
      return part;
    };
    const optional = (count: number): Part => {
      if (count === 0) return emptyPart;
      return { ...sequence(copy(), optional(count - 1)), nullable: true };
    };
    const star = (): Part => {
      const part = copy();
      connect(part.last, part.first);
      return { ...part, nullable: true };
    };
    let whole = emptyPart;
    for (let count = 0; count < least; count += 1) whole = sequence(whole, copy());
    return sequence(whole, most === null ? star() : optional(most - least));
  };

  const walk = (node: PatternNode): Part => {
    switch (node.kind) {
      case 'CHARACTER':
        return character(node.set);
      case 'SEQUENCE':
        return node.parts.map(walk).reduce(sequence, emptyPart);
      case 'CHOICE':
        return choice(node.branches.map(walk));
      case 'REPEAT':
        return repeat(node.body, node.least, node.most);
      default:
        return assertNever(node);
    }
  };

  return { walk };
}

function refuse(): never {
  throw ambiguous();
}

function ambiguous(): PatternError {
  return new PatternError(
    'Two parts of the pattern can match the same character, which could make matching very slow.',
    'Rewrite the pattern so that the next character determines which part matches: use ^[^@]+@[^@]+$ instead of ^.+@.+$, and f(?:oo|ar) instead of foo|far.',
  );
}

function repeatsNothing(): PatternError {
  return new PatternError(
    'A repeated group can match the empty string.',
    'Change the group so that it matches at least one character.',
  );
}

function tooLong(): PatternError {
  return new PatternError(
    `The pattern is too long: with its repetitions expanded, it has more than ${limits.patternPositions} characters and character classes.`,
    'Use @constraint(maxLength:) instead of large repetition counts.',
  );
}
