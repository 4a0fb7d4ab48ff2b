import { parseArgs } from 'node:util';
import { comparePlans, regressionOf, type Comparison } from '../../plan/compare';
import { anonymizedPlans } from '../../plan/export/anonymize';
import { planLine, type PlanLine } from '../../plan/export/json';
import { comparisonText, findingsText } from '../../plan/export/report';
import { planText } from '../../plan/export/text';
import { findingsOf } from '../../plan/findings';
import type { Finding } from '../../plan/findings/finding';
import type { Plan } from '../../plan/model';
import { PlanParseError } from '../../plan/parse/parseError';
import { readEveryPlan } from '../../plan/read';
import { UserError } from '../../shared/errors';
import { parsed, UsageError, type Command, type Io } from '../command';
import { readText, STDIN } from '../input';

const FORMATS = ['text', 'json', 'svg', 'anonymized'] as const;
type Format = (typeof FORMATS)[number];

const usage = `Usage: pg-lessons plan [--compare FILE] [--format FORMAT] [--fail-above SHARE] FILE...

Reads EXPLAIN plans in any format (JSON, text, YAML, XML, psql's frames, auto_explain's
log) and says what takes the time and what is wrong. FILE may be - for standard input.

  --compare FILE      says how each FILE's first plan differs from this one's, the older
  --format FORMAT     text (default)
                      json: one line for each input, see docs/plan-json.md
                      svg: a picture of the first plan of one FILE
                      anonymized: EXPLAIN's JSON without names and literals, to share
  --fail-above SHARE  exit code 3 if a finding's share of the time (of the buffers, where
                      there are no times) is above SHARE, or if what --compare compares
                      got worse by more than SHARE of what it was. 0.2 and 20% are the same
  --help              this text

Exit code: 0 fine, 1 an input, or one of its plans, could not be read (the others were),
2 the command line is wrong, 3 above SHARE.`;

export const command: Command = { usage, run };

interface Options {
  readonly files: readonly string[];
  readonly compare: string | undefined;
  readonly format: Format;
  readonly failAbove: number | undefined;
}

async function run(args: readonly string[], io: Io): Promise<number> {
  const options = optionsOf(args);
  const baseline = options.compare === undefined ? undefined : await readInput(options.compare, io);
  let failed = false;
  let isAbove = false;
  if (baseline?.error !== undefined) {
    failed = true;
    await print({ ...reportOf(baseline, undefined), plans: [] }, options, io);
  }
  for (const file of options.files) {
    const report = reportOf(await readInput(file, io), baseline);
    failed ||= report.error !== undefined;
    await print(report, options, io);
    if (options.failAbove !== undefined) isAbove = warnAbove(report, options.failAbove, io) || isAbove;
  }
  return failed ? 1 : isAbove ? 3 : 0;
}

function optionsOf(args: readonly string[]): Options {
  const { values, positionals: files } = parsed(() =>
    parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        compare: { type: 'string' },
        format: { type: 'string', default: 'text' },
        'fail-above': { type: 'string' },
      },
    }),
  );
  const { compare } = values;
  const format = FORMATS.find((name) => name === values.format);
  if (format === undefined)
    throw new UsageError(`There is no format “${values.format}”; there are ${FORMATS.join(', ')}.`);
  if (files.length === 0) throw new UsageError('Which plan? Name a file, or - for standard input.');
  if ([...files, compare].filter((file) => file === STDIN).length > 1)
    throw new UsageError('Standard input (-) can be read only once.');
  if (format === 'svg' && files.length > 1) throw new UsageError('A picture is of one plan: name one file.');
  if ((format === 'svg' || format === 'anonymized') && compare !== undefined)
    throw new UsageError('--compare needs the format text or json.');
  return { files, compare, format, failAbove: shareOf(values['fail-above']) };
}

/** "0.2" and "20%" are 0.2. */
function shareOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const match = /^(\d+(?:\.\d+)?|\.\d+)(\s?%)?$/.exec(text.trim());
  if (match === null) throw new UsageError(`--fail-above needs a share such as 0.2 or 20%, not “${text}”.`);
  return Number(match[1]) / (match[2] === undefined ? 1 : 100);
}

interface Input {
  readonly file: string;
  readonly plans: readonly Plan[];
  /** Why it, or one of its plans, could not be read. */
  readonly error: UserError | undefined;
}

async function readInput(file: string, io: Io): Promise<Input> {
  try {
    const { plans, problems } = readEveryPlan(await readText(file, io));
    return { file, plans, error: problems[0] };
  } catch (error) {
    if (error instanceof UserError) return { file, plans: [], error };
    throw error;
  }
}

function errorOf(error: UserError | undefined): Pick<PlanLine, 'error'> {
  if (error === undefined) return {};
  const place = error instanceof PlanParseError ? error : undefined;
  return { error: { message: messageOf(error), line: place?.line ?? null, column: place?.column ?? null } };
}

function messageOf({ message, nextStep }: UserError): string {
  return [message, nextStep].filter((part) => part !== undefined).join(' ');
}

/** Beside the output; for JSON it is part of the line. */
function warnError({ file, error }: Input, io: Io): void {
  if (error === undefined) return;
  const place = error instanceof PlanParseError ? `${file}:${error.line}:${error.column}: ` : '';
  io.warn(place + messageOf(error));
}

async function print(report: Report, options: Options, io: Io): Promise<void> {
  if (options.format !== 'json') warnError(report, io);
  if (options.format === 'json' || report.plans.length > 0)
    await io.print(await PRINTED[options.format](report, options));
  if (options.format === 'svg' && report.plans.length > 1)
    io.warn(`“${report.file}” has ${report.plans.length} plans; this is the first.`);
}

interface Report extends Input {
  /** Of each plan. */
  readonly findings: readonly (readonly Finding[])[];
  readonly compared: { readonly file: string; readonly comparison: Comparison } | undefined;
}

function reportOf({ file, plans, error }: Input, baseline: Input | undefined): Report {
  const [before, after] = [baseline?.plans[0], plans[0]];
  const isCompared = baseline !== undefined && before !== undefined && after !== undefined;
  return {
    file,
    plans,
    error,
    findings: plans.map((plan) => findingsOf(plan)),
    compared: isCompared ? { file: baseline.file, comparison: comparePlans(before, after) } : undefined,
  };
}

const PRINTED: Readonly<Record<Format, (report: Report, options: Options) => string | Promise<string>>> = {
  text: reportText,
  json: ({ file, plans, error, findings, compared }) => {
    const { plans: output, comparison } = planLine(file, plans, findings, compared);
    return `${JSON.stringify({ file, ...errorOf(error), plans: output, comparison })}\n`;
  },
  svg: async ({ plans: [plan] }) => {
    const { planSvg } = await import('../../plan/export/svg');
    return plan === undefined ? '' : `${planSvg(plan).trimEnd()}\n`;
  },
  anonymized: ({ plans }) => anonymizedPlans(plans),
};

function reportText({ file, plans, findings, compared }: Report, { files }: Options): string {
  const parts = plans.flatMap((plan, place) => {
    const name = plans.length > 1 ? `${file}, plan ${place + 1} of ${plans.length}` : file;
    const own = findings[place] ?? [];
    return [
      files.length > 1 || plans.length > 1 ? `=== ${name}\n` : '',
      `${planText(plan, own)}\n${findingsText(plan, own)}\n`,
    ];
  });
  if (compared !== undefined) parts.push(`Compared with ${compared.file}: ${comparisonText(compared.comparison)}\n`);
  return parts.join('');
}

/** Says what is above the share; false where nothing is. */
function warnAbove({ file, findings, compared }: Report, limit: number, io: Io): boolean {
  let isAbove = false;
  for (const { rule, shareOfTime, shareOfBuffers } of findings.flat()) {
    const share = shareOfTime ?? shareOfBuffers ?? 0;
    if (share <= limit) continue;
    isAbove = true;
    io.warn(`${file}: ${rule.id}: ${percent(share)} is above ${percent(limit)}.`);
  }
  if (compared !== undefined && regressionOf(compared.comparison) > limit) {
    isAbove = true;
    io.warn(`${file}: worse by more than ${percent(limit)}: ${compared.comparison.verdict}.`);
  }
  return isAbove;
}

function percent(share: number): string {
  return `${Math.round(share * 1000) / 10} %`;
}
