import { useEffect, useMemo, useState } from 'preact/hooks';
import type { Plan } from '../../plan/model';
import type { PlanParseError } from '../../plan/parse/parseError';
import { readJsonPlans } from '../../plan/readJson';
import { afterPaint } from '../kit/afterPaint';
import { missing } from '../kit/useModule';

export type Reading =
  | { readonly kind: 'reading' }
  | {
      readonly kind: 'read';
      readonly plans: readonly Plan[];
      /** Of the plans in the same text that can't be read. */
      readonly problems: readonly Problem[];
    }
  | { readonly kind: 'unreadable'; readonly problem: Problem }
  /** Of the page, not of the text. */
  | { readonly kind: 'failed'; readonly problem: { readonly message: string } };

export interface Problem {
  /** A sentence. */
  readonly message: string;
  readonly nextStep: string | undefined;
  /** From 1. */
  readonly line: number;
  readonly column: number;
}

/** In UTF-16 units. Reading more is felt: the page first says that it reads. What only begins as JSON takes ten times as long. */
const LARGE = 12_000_000;

const READING: Reading = { kind: 'reading' };

/** The plans in a text; read once for each `serial`. JSON at once; what needs another parser, or time, after the next paint. */
export function useReading(text: string | undefined, serial: number): Reading | undefined {
  const now = useMemo(() => (text === undefined || text.length > LARGE ? undefined : json(text)), [serial, text]);
  const [later, setLater] = useState<{ readonly text: string; readonly reading: Reading }>();
  useEffect(() => {
    if (text === undefined || now !== undefined) return undefined;
    let gone = false;
    void afterPaint()
      .then(() => any(text))
      .catch((error: unknown): Reading => ({ kind: 'failed', problem: { message: sentenceOf(error) } }))
      .then((reading) => {
        if (!gone) setLater({ text, reading });
      });
    return () => {
      gone = true;
    };
  }, [serial, text, now]);
  if (text === undefined) return undefined;
  if (now !== undefined) return now;
  return later?.text === text ? later.reading : READING;
}

function json(text: string): Reading | undefined {
  const plans = readJsonPlans(text);
  return plans && { kind: 'read', plans, problems: [] };
}

const loadReader = async () => (await import('../../plan/read')).readEveryPlan;

async function any(text: string): Promise<Reading> {
  const readEveryPlan = await loadReader().catch(() => {
    throw new Error(missing('The reader of this form of plans'));
  });
  const { plans, problems } = readEveryPlan(text);
  const [first] = problems;
  return plans.length === 0 && first !== undefined
    ? { kind: 'unreadable', problem: problemOf(first) }
    : { kind: 'read', plans, problems: problems.map(problemOf) };
}

function problemOf({ message, nextStep, line, column }: PlanParseError): Problem {
  return { message, nextStep, line, column };
}

function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
