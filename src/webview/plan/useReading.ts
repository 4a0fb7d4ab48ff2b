import { useEffect, useMemo, useState } from 'preact/hooks';
import type { Plan } from '../../plan/model';
import { PlanParseError } from '../../plan/parse/parseError';
import { readPlans } from '../../plan/read';

export type Reading =
  | { readonly kind: 'reading' }
  | { readonly kind: 'read'; readonly plans: readonly Plan[] }
  | { readonly kind: 'unreadable'; readonly problem: Problem };

export interface Problem {
  /** A sentence. */
  readonly message: string;
  readonly nextStep: string | undefined;
  /** From 1. */
  readonly line: number;
  readonly column: number;
}

/** In UTF-16 units. Reading more is felt: the page first says that it reads. */
const LARGE = 20_000_000;

/** The plans in a text; read once for each `serial`. */
export function useReading(text: string | undefined, serial: number): Reading | undefined {
  const large = text !== undefined && text.length > LARGE;
  const now = useMemo(() => (text === undefined || large ? undefined : read(text)), [serial, text]);
  const [later, setLater] = useState<{ readonly text: string; readonly reading: Reading }>();
  useEffect(() => {
    if (!large) return undefined;
    // After the next paint.
    let timer: ReturnType<typeof setTimeout> | undefined;
    const frame = requestAnimationFrame(() => {
      timer = setTimeout(() => setLater({ text, reading: read(text) }));
    });
    return () => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
    };
  }, [serial, text]);
  if (!large) return now;
  return later?.text === text ? later.reading : READING;
}

const READING: Reading = { kind: 'reading' };

function read(text: string): Reading {
  try {
    return { kind: 'read', plans: readPlans(text) };
  } catch (error) {
    if (!(error instanceof PlanParseError)) throw error;
    const { message, nextStep, line, column } = error;
    return { kind: 'unreadable', problem: { message, nextStep, line, column } };
  }
}
