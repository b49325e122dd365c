/** Returns whether a text has the format of a project's ref: 16 lower-case letters and digits. */
export const isProjectRef = (text: string): boolean => /^[a-z0-9]{16}$/.test(text);
