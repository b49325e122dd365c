declare module 'fxa-common-password-list' {
  /**
   * Reports whether this is one of the 50,000 most common passwords with at least eight characters. The password must
   * be lowercase.
   */
  export function test(password: string): boolean;
}
