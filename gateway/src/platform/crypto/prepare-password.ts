/**
 * The one form of a password that is counted, checked and hashed: RFC 8265's OpaqueString, which turns
 * every space into U+0020 and composes characters (NFC). So a password matches however a keyboard
 * or system happens to encode its accents; upper and lower case stay different.
 */
export function preparePassword(password: string): string {
  return password.replace(/\p{Zs}/gu, ' ').normalize('NFC');
}
