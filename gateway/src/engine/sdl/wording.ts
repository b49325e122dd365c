/** The texts of a diagnostic. */
export interface Wording {
  readonly message: string;
  readonly hint: string;
}

export const say = (message: string, hint: string): Wording => ({ message, hint });
