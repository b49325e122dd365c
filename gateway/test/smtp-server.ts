import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

export interface ReceivedMail {
  readonly commands: readonly string[];
  readonly source: string;
}

export interface SmtpServer {
  readonly port: number;
  /** Resolves with the next email that arrives. */
  nextMail(): Promise<ReceivedMail>;
  close(): Promise<void>;
}

/**
 * Implements the part of RFC 5321 that one client needs. If `silent` is true, it accepts connections but sends no
 * greeting.
 */
export async function startSmtpServer(options: { silent?: boolean } = {}): Promise<SmtpServer> {
  const arrived: ReceivedMail[] = [];
  const waiting: ((mail: ReceivedMail) => void)[] = [];
  const sockets = new Set<Socket>();
  const deliver = (mail: ReceivedMail) => {
    const waiter = waiting.shift();
    if (waiter === undefined) arrived.push(mail);
    else waiter(mail);
  };
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    if (options.silent !== true) serve(socket, deliver);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return {
    port: address.port,
    nextMail() {
      const mail = arrived.shift();
      return mail === undefined
        ? new Promise((resolve) => waiting.push(resolve))
        : Promise.resolve(mail);
    },
    async close() {
      sockets.forEach((socket) => socket.destroy());
      server.close();
      await once(server, 'close');
    },
  };
}

function serve(socket: Socket, deliver: (mail: ReceivedMail) => void): void {
  const commands: string[] = [];
  let body: string[] | null = null;
  const answer = (line: string) => socket.write(`${line}\r\n`);
  answer('220 test ESMTP');
  createInterface({ input: socket }).on('line', (line) => {
    if (body !== null) {
      if (line === '.') {
        deliver({ commands: [...commands], source: body.join('\r\n') });
        body = null;
        answer('250 OK');
      } else {
        body.push(line.replace(/^\./, ''));
      }
      return;
    }
    commands.push(line);
    if (/^EHLO/i.test(line)) answer('250-test\r\n250-8BITMIME\r\n250 AUTH PLAIN');
    else if (/^AUTH PLAIN/i.test(line)) answer('235 Authentication succeeded');
    else if (/^DATA/i.test(line)) {
      body = [];
      answer('354 Start mail input');
    } else if (/^QUIT/i.test(line)) socket.end('221 bye\r\n');
    else answer('250 OK');
  });
}
