import { isName, isText, sdlToken } from './sdl-tokens.ts';

/** The definitions found in SDL text, which may be incomplete. */
export interface LooseNames {
  readonly types: readonly LooseType[];
  readonly enums: readonly LooseEnum[];
}

export interface LooseType {
  readonly name: string;
  readonly directives: readonly LooseDirective[];
  readonly fields: readonly LooseField[];
}

export interface LooseEnum {
  readonly name: string;
  readonly values: readonly string[];
}

export interface LooseField {
  readonly name: string;
  /** The type name without brackets and exclamation marks. Empty if it is missing. */
  readonly type: string;
  readonly list: boolean;
  readonly directives: readonly LooseDirective[];
}

export interface LooseDirective {
  readonly name: string;
  /** The strings in each argument: `fields: ["a", "b"]`. */
  readonly texts: ReadonlyMap<string, readonly string[]>;
}

/**
 * Extracts definitions from SDL text, which may be invalid. A definition ends at its closing bracket, at the next
 * definition, or at the end of the text.
 */
export function looseNames(text: string): LooseNames {
  const tokens = [...text.matchAll(sdlToken)].map(([part]) => part);
  const reader = new LooseReader(tokens.filter((part) => !part.startsWith('#')));
  return reader.read();
}

class LooseReader {
  readonly #tokens: readonly string[];
  readonly #types: { name: string; directives: LooseDirective[]; fields: LooseField[] }[] = [];
  readonly #enums: { name: string; values: string[] }[] = [];
  #at = 0;

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens;
  }

  read(): LooseNames {
    while (this.#at < this.#tokens.length) {
      const keyword = this.#next();
      const name = this.#peek();
      if ((keyword !== 'type' && keyword !== 'enum') || !isName(name)) continue;
      this.#at += 1;
      if (keyword === 'type') this.#readType(name);
      else this.#readEnum(name);
    }
    return { types: this.#types, enums: this.#enums };
  }

  #readType(name: string): void {
    const type = { name, directives: [] as LooseDirective[], fields: [] as LooseField[] };
    this.#types.push(type);
    if (!this.#readHead(type.directives)) return;
    while (!this.#isAtEnd()) {
      const field = this.#next();
      if (field === '}') return;
      if (!isName(field) || !this.#isNext(':')) continue;
      type.fields.push(this.#readField(field));
    }
  }

  #readField(name: string): LooseField {
    let type = '';
    let list = false;
    while (!this.#isAtEnd()) {
      const part = this.#peek();
      if (part === '[') list = true;
      else if (isName(part) && type === '' && this.#peek(1) !== ':') type = part;
      else if (part !== ':' && part !== '!' && part !== ']') break;
      this.#at += 1;
    }
    const directives: LooseDirective[] = [];
    while (this.#isNext('@')) this.#readDirective(directives);
    return { name, type, list, directives };
  }

  #readEnum(name: string): void {
    const values: string[] = [];
    this.#enums.push({ name, values });
    if (!this.#readHead([])) return;
    while (!this.#isAtEnd()) {
      if (this.#isNext('@')) this.#readDirective([]);
      else {
        const value = this.#next();
        if (value === '}') return;
        if (isName(value)) values.push(value);
      }
    }
  }

  /** Reads the directives before the body. @returns whether there is a body */
  #readHead(directives: LooseDirective[]): boolean {
    while (!this.#isAtEnd()) {
      if (this.#isNext('@')) this.#readDirective(directives);
      else if (this.#next() === '{') return true;
    }
    return false;
  }

  #readDirective(directives: LooseDirective[]): void {
    this.#at += 1;
    const name = this.#peek();
    if (!isName(name) || this.#isAtEnd()) return;
    this.#at += 1;
    const texts = new Map<string, string[]>();
    directives.push({ name, texts });
    if (!this.#isNext('(')) return;
    let argument = '';
    while (!this.#isAtEnd()) {
      const part = this.#next();
      if (part === ')') return;
      if (isName(part) && this.#isNext(':')) argument = part;
      else if (isText(part)) {
        texts.set(argument, [...(texts.get(argument) ?? []), part.replaceAll('"', '')]);
      }
    }
  }

  /** Whether the text ends here, or the next definition begins. `type: String` is a field. */
  #isAtEnd(): boolean {
    const [keyword, name, after] = [this.#peek(), this.#peek(1), this.#peek(2)];
    if (keyword === undefined) return true;
    const isKeyword = keyword === 'type' || keyword === 'enum';
    return isKeyword && isName(name) && (after === '@' || after === '{');
  }

  #peek(ahead = 0): string | undefined {
    return this.#tokens[this.#at + ahead];
  }

  #isNext(part: string): boolean {
    return this.#peek() === part;
  }

  #next(): string {
    const part = this.#peek() ?? '';
    this.#at += 1;
    return part;
  }
}
