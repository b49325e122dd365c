/**
 * Returns `'done'` if the promise resolves, or the code of the error if it rejects. Errors without a code are rethrown.
 */
export const outcome = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: unknown) => {
      if (error instanceof Error && 'code' in error) return String(error.code);
      throw error;
    },
  );
