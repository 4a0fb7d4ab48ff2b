import { withPlainCharacters } from './unwrap/characters';
import { withoutFrames } from './unwrap/frames';
import { withoutLog } from './unwrap/logs';
import type { Mapped } from './unwrap/mapped';
import { withoutQuotes } from './unwrap/quotes';

/**
 * The text without what terminals, clients, logs and mails put around a plan. What it doesn't know stays: `piecesOf` finds the
 * plans in what is left.
 */
export function unwrap(text: string): Mapped {
  return withoutFrames(withoutQuotes(withoutLog(withPlainCharacters(text))));
}
