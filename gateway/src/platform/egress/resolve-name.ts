import { Resolver } from 'node:dns/promises';

import { EgressError } from './egress-error.ts';

/** Returns all addresses of a host name. @throws EgressError `NAME_NOT_FOUND` */
export type ResolveName = (name: string, signal: AbortSignal) => Promise<readonly string[]>;

const attempts = { timeout: 2_000, tries: 2 };
/** The names that always mean the own machine (RFC 6761, section 6.3). */
const localName = /^(?:.+\.)?localhost\.?$/;

/**
 * Asks the DNS servers of the operating system. `dns.lookup` would also read the hosts file, but it uses a thread of
 * the pool that hashes passwords, and cannot be cancelled, so that names with slow servers would delay sign-ins.
 */
export const resolveName: ResolveName = async (name, signal) => {
  if (localName.test(name)) return ['127.0.0.1', '::1'];
  const resolver = new Resolver(attempts);
  const cancel = () => resolver.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    const answers = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
    const addresses = answers.flatMap((answer) =>
      answer.status === 'fulfilled' ? answer.value : [],
    );
    if (addresses.length === 0) throw new EgressError('NAME_NOT_FOUND');
    return addresses;
  } finally {
    signal.removeEventListener('abort', cancel);
  }
};
