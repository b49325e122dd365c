import type { QueryClient } from '@tanstack/react-query';

/** The context of all routes. Layout routes extend it in `beforeLoad`. */
export interface RouterContext {
  readonly queryClient: QueryClient;
}
