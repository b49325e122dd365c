import type { Viewer } from '../control-plane/access/viewer.ts';
import { authenticate, type Authenticators } from './authenticate.ts';
import { countRequest, type RequestLimits } from './count-request.ts';
import type { RequestScope } from './request-scope.ts';

export interface IdentifyOptions {
  readonly authenticators: Authenticators;
  readonly requestLimits: RequestLimits;
}

/**
 * Who asks, and are they within their limit? The scope knows of them from then on.
 * @returns a promise only where the answer is not in memory
 * @throws RequestError `UNAUTHENTICATED`, `BAD_REQUEST`, `RATE_LIMITED`, `OVERLOADED`
 */
export function identify(
  scope: RequestScope,
  { authenticators, requestLimits }: IdentifyOptions,
): Viewer | Promise<Viewer> {
  const note = (viewer: Viewer): Viewer | Promise<Viewer> => {
    scope.viewer = viewer;
    const counted = countRequest(viewer, scope.route, requestLimits, scope.head);
    return counted === null ? viewer : counted.then(() => viewer);
  };
  const authenticated = authenticate(scope.request, authenticators);
  return authenticated instanceof Promise ? authenticated.then(note) : note(authenticated);
}
