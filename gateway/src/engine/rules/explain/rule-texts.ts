import { Kind, parse, type ConstDirectiveNode } from 'graphql';
import type { TriedRule } from './tried-rules.ts';

/** Finds the text of rules in the SDL from which they were read. */
export type RuleTexts = (rule: Pick<TriedRule, 'kind' | 'rule'>) => string;

/** @param sdl valid SDL */
export function ruleTexts(sdl: string): RuleTexts {
  const texts = new Map<string, string>();
  const add = (directives: readonly ConstDirectiveNode[] = []): void => {
    for (const { name, loc } of directives) {
      if (loc === undefined) continue;
      const key = `${name.value} ${loc.startToken.line}`;
      // Rules on one line are shown together.
      const known = texts.get(key);
      const text = sdl.slice(loc.start, loc.end).replace(/\s+/g, ' ');
      texts.set(key, known === undefined ? text : `${known} ${text}`);
    }
  };
  for (const definition of parse(sdl).definitions) {
    if (
      definition.kind !== Kind.OBJECT_TYPE_DEFINITION &&
      definition.kind !== Kind.OBJECT_TYPE_EXTENSION
    ) {
      continue;
    }
    add(definition.directives);
    for (const field of definition.fields ?? []) add(field.directives);
  }
  return ({ kind, rule: { line } }) => {
    const name = kind === 'ALLOW' ? 'allow' : 'require';
    return texts.get(`${name} ${line}`) ?? `@${name}`;
  };
}
