import type { JsonValue } from '../../src/engine/sdl/model.ts';

/** A row's values by field or key name (`title`, `boardId`), in the format in which the API returns them. */
export type Row = Readonly<Record<string, JsonValue>>;
