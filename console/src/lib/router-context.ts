import type { QueryClient } from '@tanstack/react-query';

/** What every route gets as `context`; layout routes add to it in `beforeLoad`. */
export interface RouterContext {
  readonly queryClient: QueryClient;
}
