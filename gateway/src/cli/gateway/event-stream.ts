/** An event of a stream (Server-Sent Events). */
export interface StreamEvent {
  readonly event: string;
  readonly data: string;
}

/** The maximum length of an event: a change without the row is much shorter. */
const maxEventLength = 1_000_000;

/**
 * Reads the events of a stream, in the format of https://html.spec.whatwg.org/multipage/server-sent-events.html.
 * Comments and fields other than `event` and `data` are skipped.
 * @param onRead called whenever something was received, also a comment
 * @throws RangeError if an event is longer than 1,000,000 characters
 */
export async function* readEvents(
  chunks: AsyncIterable<Uint8Array>,
  onRead: () => void,
): AsyncGenerator<StreamEvent> {
  const decoder = new TextDecoder();
  let rest = '';
  let [event, data]: [string, string[]] = ['message', []];
  let length = 0;
  for await (const chunk of chunks) {
    onRead();
    rest += decoder.decode(chunk, { stream: true });
    const lines = rest.split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    for (const line of lines) {
      length += line.length;
      if (line === '') {
        if (data.length > 0 || event !== 'message') yield { event, data: data.join('\n') };
        [event, data, length] = ['message', [], 0];
      } else {
        const [, field, value = ''] = /^([^:]*):? ?(.*)$/su.exec(line) ?? [];
        if (field === 'event') event = value;
        if (field === 'data') data.push(value);
      }
    }
    if (length + rest.length > maxEventLength) throw new RangeError('An event is too long.');
  }
}
