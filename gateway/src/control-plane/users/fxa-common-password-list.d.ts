declare module 'fxa-common-password-list' {
  /** Is this one of the 50,000 most common passwords with at least eight characters? The password must be lowercase. */
  export function test(password: string): boolean;
}
