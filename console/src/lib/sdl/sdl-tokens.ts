/** Matches names, numbers, punctuation, comments, and strings, including unterminated ones. */
export const sdlToken =
  /"""(?:[^"\\]|\\.|"(?!""))*(?:"""|$)|"(?:[^"\\\n]|\\.)*(?:"|(?=\n)|$)|#[^\n]*|@|[_A-Za-z][_0-9A-Za-z]*|-?\d[\w.]*|[{}()[\]:!]/g;

export const isName = (part: string | undefined): part is string =>
  part !== undefined && /^[_A-Za-z]/.test(part);

export const isText = (part: string): boolean => part.startsWith('"');
