import { addDirective } from './edit-rules.ts';
import { readWrittenRules } from './written-rules.ts';

/** Adds `@live` to a model. The text stays the same if it has no such model, or if the model has the directive. */
export function addLive(text: string, model: string): string {
  const type = readWrittenRules(text)?.find(({ name }) => name === model);
  return type?.live === null ? addDirective(text, type, '@live') : text;
}
