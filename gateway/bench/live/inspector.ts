// Asks a running gateway for garbage collections and CPU profiles, with the inspector of Node.js.
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';

import { WebSocket } from 'ws';

export interface Inspector {
  /** Collects all garbage, so that memory figures contain what is in use. */
  collectGarbage(): Promise<void>;
  /** Records a CPU profile while `run` runs, and writes it to a file. */
  profile<T>(file: string, run: () => Promise<T>): Promise<T>;
  close(): void;
}

const attempts = 50;
const attemptMs = 100;

/**
 * Opens the inspector of a process.
 * @param port the port that the process was started with (`--inspect-port`)
 */
export async function openInspector(pid: number, port: number): Promise<Inspector> {
  // Node.js opens the inspector after this signal.
  process.kill(pid, 'SIGUSR1');
  const socket = new WebSocket(await addressOf(port));
  await once(socket, 'open');
  const answers = new Map<number, (result: unknown) => void>();
  socket.on('message', (data: Buffer) => {
    // The protocol answers with the id of the request.
    const { id, result } = JSON.parse(data.toString()) as { id?: number; result?: unknown };
    if (id !== undefined) answers.get(id)?.(result);
  });
  let last = 0;
  const call = (method: string, params = {}): Promise<unknown> => {
    last += 1;
    const id = last;
    const answer = new Promise<unknown>((resolve) => answers.set(id, resolve));
    socket.send(JSON.stringify({ id, method, params }));
    return answer.finally(() => answers.delete(id));
  };
  return {
    async collectGarbage() {
      // The second one frees what finalizers of the first have released.
      for (let round = 0; round < 2; round += 1) await call('HeapProfiler.collectGarbage');
    },
    async profile(file, run) {
      await call('Profiler.enable');
      await call('Profiler.start');
      const result = await run();
      // The method returns an object with this member.
      const { profile } = (await call('Profiler.stop')) as { profile: unknown };
      await writeFile(file, JSON.stringify(profile));
      return result;
    },
    close: () => socket.close(),
  };
}

async function addressOf(port: number): Promise<string> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const response = await fetch(`http://127.0.0.1:${port}/json/list`);
      const [target] = (await response.json()) as { webSocketDebuggerUrl: string }[];
      if (target !== undefined) return target.webSocketDebuggerUrl;
    } catch (error) {
      if (attempt === attempts) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, attemptMs));
  }
}
