import { CliError } from '../cli-error.ts';

/**
 * Explains why a request got no response.
 * @param error the error that `fetch` threw; its cause contains the error code
 */
export function explainNetworkError(error: unknown, address: URL, timeoutMs: number): CliError {
  const { host, hostname, origin } = address;
  const failure = (code: string, message: string, hint: string) =>
    new CliError(code, message, { hint, cause: error });
  if (error instanceof Error && error.name === 'TimeoutError') {
    const seconds = timeoutMs / 1000;
    return failure('NO_ANSWER', `${origin} did not respond within ${seconds} s.`, moreTime);
  }
  const code = causeCode(error);
  switch (code) {
    case 'ECONNREFUSED':
      return failure('CONNECTION_REFUSED', `Connection to ${host} refused.`, startIt);
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return failure('UNKNOWN_HOST', `Host ${hostname} not found.`, checkUrl);
    case 'ECONNRESET':
    case 'EPIPE':
    case 'UND_ERR_SOCKET':
      return failure(
        'CONNECTION_LOST',
        `${host} closed the connection without a response.`,
        startIt,
      );
    case 'ETIMEDOUT':
    case 'UND_ERR_CONNECT_TIMEOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return failure('UNREACHABLE', `${host} is unreachable.`, checkUrl);
    default:
      if (plainTextCodes.includes(code)) {
        return failure('TLS_FAILED', `${host} does not use TLS.`, `Did you mean http://${host}?`);
      }
      if (isTlsCode(code)) {
        return failure(
          'TLS_FAILED',
          `Could not establish a secure connection to ${host}: ${code}.`,
          tls,
        );
      }
      return failure('CONNECTION_FAILED', `The request to ${host} failed: ${code}.`, checkUrl);
  }
}

const checkUrl = 'Check the address in --url or TESSERA_URL.';
const startIt = `Check that the gateway is running. ${checkUrl}`;
const moreTime = 'Allow more time with --timeout.';
const tls =
  "Check the server's certificate. For a private certificate authority, set NODE_EXTRA_CA_CERTS.";

/** OpenSSL reports these codes if the response to a TLS handshake is plain text, such as HTTP. */
const plainTextCodes = ['ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_PACKET_LENGTH_TOO_LONG'];

function isTlsCode(code: string): boolean {
  return /^(ERR_SSL|ERR_TLS|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|EPROTO$)/.test(code);
}

/** The first code in the chain of causes, or the root cause's message if there is no code. */
function causeCode(error: unknown): string {
  let cause: unknown = error;
  for (let depth = 0; cause instanceof Error && depth < maxDepth; depth += 1) {
    if ('code' in cause && typeof cause.code === 'string') return cause.code;
    if (!(cause.cause instanceof Error)) return cause.message;
    cause = cause.cause;
  }
  return 'unknown reason';
}

const maxDepth = 5;
