/** The part of tar-stream that is used here. The package has no types. */
declare module 'tar-stream' {
  export interface Header {
    readonly name: string;
    readonly type?: string | null;
    readonly size?: number;
    readonly mode?: number;
  }
  export interface Entry extends AsyncIterable<Buffer> {
    readonly header: Required<Header>;
  }
  export interface Sink {
    write(chunk: Uint8Array): boolean;
    end(): void;
    once(event: 'drain' | 'error', listener: () => void): this;
  }
  export interface Pack extends AsyncIterable<Buffer> {
    entry(header: Header, callback: (error?: Error | null) => void): Sink;
    finalize(): void;
  }
  export interface Extract extends AsyncIterable<Entry> {
    write(chunk: Uint8Array): boolean;
    end(): void;
    once(event: 'drain', listener: () => void): this;
    destroy(error?: Error): void;
  }
  export function pack(): Pack;
  export function extract(): Extract;
}
