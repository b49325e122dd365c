/** Reports whether a string has the format of a project ref: 16 lowercase letters and digits. */
export const isProjectRef = (text: string): boolean => /^[a-z0-9]{16}$/.test(text);
