import { CliError } from '../cli-error.ts';

/**
 * Says what kept a request from being answered.
 * @param error what `fetch` threw: the reason proper is its cause's code
 */
export function explainNetworkError(error: unknown, address: URL, timeoutMs: number): CliError {
  const { host, hostname, origin } = address;
  const failure = (code: string, message: string, hint: string) =>
    new CliError(code, message, { hint, cause: error });
  if (error instanceof Error && error.name === 'TimeoutError') {
    const seconds = timeoutMs / 1000;
    return failure('NO_ANSWER', `${origin} did not answer within ${seconds} s.`, moreTime);
  }
  const code = causeCode(error);
  switch (code) {
    case 'ECONNREFUSED':
      return failure('CONNECTION_REFUSED', `Nothing listens at ${host}.`, startIt);
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return failure('UNKNOWN_HOST', `The name ${hostname} is not known.`, checkUrl);
    case 'ECONNRESET':
    case 'EPIPE':
    case 'UND_ERR_SOCKET':
      return failure('CONNECTION_LOST', `${host} ended the connection without an answer.`, startIt);
    case 'ETIMEDOUT':
    case 'UND_ERR_CONNECT_TIMEOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return failure('UNREACHABLE', `${host} cannot be reached from here.`, checkUrl);
    default:
      if (isTlsCode(code)) {
        return failure('TLS_FAILED', `The connection to ${host} is not secure: ${code}.`, tls);
      }
      return failure('CONNECTION_FAILED', `${host} could not be asked: ${code}.`, checkUrl);
  }
}

const checkUrl = 'Check the address given as --url or in TESSERA_URL.';
const startIt = `Is the gateway running there? ${checkUrl}`;
const moreTime = 'Give it more time with --timeout.';
const tls = 'Check the scheme of the address, and name a private authority in NODE_EXTRA_CA_CERTS.';

function isTlsCode(code: string): boolean {
  return /^(ERR_SSL|ERR_TLS|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|EPROTO$)/.test(code);
}

/** The code of the error or of what caused it, or else the words of the first cause of all. */
function causeCode(error: unknown): string {
  let cause: unknown = error;
  for (let depth = 0; cause instanceof Error && depth < maxDepth; depth += 1) {
    if ('code' in cause && typeof cause.code === 'string') return cause.code;
    if (!(cause.cause instanceof Error)) return cause.message;
    cause = cause.cause;
  }
  return 'for an unknown reason';
}

const maxDepth = 5;
