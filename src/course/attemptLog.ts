/** One check of an exercise, as it is kept. */
export interface LoggedAttempt {
  /** ms since 1970. */
  readonly at: number;
  readonly passed: boolean;
  readonly points: number;
  readonly maxPoints: number;
  /** What the verdict said first. */
  readonly summary: string;
  /** Fingerprint of the text that was judged: the same text twice is seen as such. */
  readonly fingerprint: string;
  /** What was judged; absent when it was long. */
  readonly text?: string;
}

/** An exercise's checks, the oldest first. */
export interface AttemptLog {
  readonly version: 1;
  readonly attempts: readonly LoggedAttempt[];
}

/** Of one exercise; the oldest go first. */
export const MOST_ATTEMPTS = 200;

/** Characters of an attempt that are kept. */
const MOST_TEXT = 10_000;

const MOST_SUMMARY = 300;

/** A log as it was stored: what is broken is dropped, attempt by attempt. */
export function readAttemptLog(stored: string): AttemptLog {
  const empty: AttemptLog = { version: 1, attempts: [] };
  let log: unknown;
  try {
    log = JSON.parse(stored);
  } catch {
    return empty;
  }
  if (!isRecord(log) || log['version'] !== 1 || !Array.isArray(log['attempts'])) return empty;
  return { version: 1, attempts: log['attempts'].filter(isAttempt).slice(-MOST_ATTEMPTS) };
}

/** The log with one more attempt. */
export function withAttempt(log: AttemptLog, attempt: LoggedAttempt): AttemptLog {
  const { text, ...rest } = attempt;
  const kept: LoggedAttempt = {
    ...rest,
    summary: rest.summary.slice(0, MOST_SUMMARY),
    ...(text !== undefined && text.length <= MOST_TEXT && { text }),
  };
  return { version: 1, attempts: [...log.attempts, kept].slice(-MOST_ATTEMPTS) };
}

/** Seconds to wait before the next check; 0 when there is nothing to wait for. */
export function waitSeconds(log: AttemptLog, cooldown: number, now: number): number {
  const last = log.attempts.at(-1);
  // a clock that was set back makes nobody wait longer than the cooldown
  if (!last || last.passed || last.at > now) return 0;
  return Math.max(0, Math.ceil((last.at + cooldown * 1000 - now) / 1000));
}

function isAttempt(value: unknown): value is LoggedAttempt {
  return (
    isRecord(value) &&
    ['at', 'points', 'maxPoints'].every((key) => typeof value[key] === 'number') &&
    ['summary', 'fingerprint'].every((key) => typeof value[key] === 'string') &&
    typeof value['passed'] === 'boolean' &&
    ['string', 'undefined'].includes(typeof value['text'])
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
