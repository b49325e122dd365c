/**
 * The headers of an answer, as `writeHead` takes them: names and values in turns, names in lower case. Collected here
 * rather than set one by one on the response, which costs more than all else that a quick answer needs.
 */
export class ResponseHead {
  readonly pairs: string[];

  /** @param given what every answer carries; it is copied */
  constructor(given: readonly string[]) {
    this.pairs = given.slice();
  }

  /** In the place of any header of this name. */
  set(name: string, value: string): void {
    for (let index = 0; index < this.pairs.length; index += 2) {
      if (this.pairs[index] !== name) continue;
      this.pairs[index + 1] = value;
      return;
    }
    this.pairs.push(name, value);
  }

  setAll(headers: Readonly<Record<string, string>>): void {
    for (const [name, value] of Object.entries(headers)) this.set(name, value);
  }

  /** Beside those of this name, as `set-cookie` and `vary` may be. */
  add(name: string, value: string): void {
    this.pairs.push(name, value);
  }
}
