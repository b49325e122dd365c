declare module 'fxa-common-password-list' {
  /** Is it one of the 50,000 most common passwords of eight and more characters? All lower case. */
  export function test(password: string): boolean;
}
