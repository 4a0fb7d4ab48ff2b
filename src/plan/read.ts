import { buildModel } from './buildModel';
import type { Plan, PlanFormat } from './model';
import { noPlan } from './parse/diagnose';
import { PlanParseError } from './parse/parseError';
import { parseJson } from './parse/parseJson';
import { parseText } from './parse/text';
import { parseXml } from './parse/xml';
import { parseYaml } from './parse/yaml';
import { piecesOf, type Piece } from './parse/pieces';
import { repairedJson } from './parse/repairJson';
import { unwrap } from './parse/unwrap';
import type { RawPlan } from './raw';

/**
 * All plans in a text: what EXPLAIN printed in any of its formats, as a terminal, a client, a mail or a log shows it. At least
 * one. Where one of several can't be read, that is an error too, so that no plan is missing unseen; `readEveryPlan` reads the
 * others.
 * @throws {PlanParseError} its line and column are those of `text`
 */
export function readPlans(text: string): readonly Plan[] {
  const { plans, problems } = readEveryPlan(text);
  const [problem] = problems;
  if (problem !== undefined) throw problem;
  return plans;
}

/**
 * The first plan in the text; what follows it isn't looked at.
 * @throws {PlanParseError}
 */
export function readPlan(text: string): Plan {
  for (const read of readings(text)) {
    if (typeof read === 'function') throw read();
    const [first] = read;
    if (first !== undefined) return first;
  }
  throw noPlan(text);
}

export interface Reading {
  readonly plans: readonly Plan[];
  /** Why the others can't be read: one for each, the first 20. At least one where there is no plan. */
  readonly problems: readonly PlanParseError[];
}

const MOST_PROBLEMS = 20;

/** As `readPlans`, but a log of many plans is worth reading though one was cut off. */
export function readEveryPlan(text: string): Reading {
  const plans: Plan[] = [];
  const problems: PlanParseError[] = [];
  for (const read of readings(text)) {
    if (typeof read === 'function') {
      if (problems.length < MOST_PROBLEMS) problems.push(read());
    } else for (const plan of read) plans.push(plan);
  }
  if (plans.length === 0 && problems.length === 0) problems.push(noPlan(text));
  return { plans, problems };
}

/** Why a piece can't be read. To find the line in the whole text takes time: only for those that are told. */
type Failure = () => PlanParseError;

/** What each piece of the text gives. */
function* readings(text: string): Generator<readonly Plan[] | Failure> {
  // As it stands, first: neither a large JSON nor its literals have to be looked through.
  const whole = wholeOf(text);
  if (whole !== undefined && typeof whole !== 'function') {
    yield whole;
    return;
  }
  let found = false;
  for (const piece of piecesOf(unwrap(text))) {
    found = true;
    yield plansOf(piece, text);
  }
  if (!found && whole !== undefined) yield whole;
}

/** The text as one JSON or XML; the error where it looks like it and isn't. */
function wholeOf(text: string): readonly Plan[] | Failure | undefined {
  const start = /^[\s\ufeff]*([[{]|<explain|<\?xml)/.exec(text.slice(0, 1000))?.[1];
  if (start === undefined) return undefined;
  const json = start === '[' || start === '{';
  try {
    return modelsOf(json ? parseJson(text) : parseXml(text), json ? 'json' : 'xml');
  } catch (error) {
    if (error instanceof PlanParseError) return () => error;
    throw error;
  }
}

function modelsOf(raw: readonly RawPlan[], format: PlanFormat): readonly Plan[] {
  return raw.map((plan) => buildModel(plan, format));
}

function plansOf(piece: Piece, text: string): readonly Plan[] | Failure {
  try {
    return modelsOf(parse(piece), piece.format);
  } catch (error) {
    if (!(error instanceof PlanParseError)) throw error;
    return () => new PlanParseError(error.message, text, piece.toOriginal(error.offset), error.nextStep);
  }
}

const PARSERS = { json: parseJson, text: parseText, yaml: parseYaml, xml: parseXml };

function parse(piece: Piece): readonly RawPlan[] {
  try {
    return PARSERS[piece.format](piece.text);
  } catch (error) {
    if (!(error instanceof PlanParseError) || piece.format !== 'json') throw error;
    const repaired = repairedJson(piece);
    if (repaired === undefined) throw error;
    try {
      return parseJson(repaired.text);
    } catch {
      throw error;
    }
  }
}
