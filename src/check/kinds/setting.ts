import type { SettingExpectation } from '../../course/schema';
import { SqlError, type Session } from '../../sql/session';
import { statements } from '../../sql/statements';
import type { Attempt } from '../attempt';
import { undone } from '../pinned';
import type { Outcome } from '../verdict';

interface Setting {
  readonly name: string;
  /** kB, 8kB, ms, s, min …; undefined where it has none. */
  readonly unit: string | undefined;
  /** bool, integer, real, enum, string. */
  readonly type: string;
}

/** What was found where the expectation looks; undefined: not set there. */
interface Found {
  readonly value: string | undefined;
  /** Why it is not in force, or where else it is set. */
  readonly note?: string;
}

/** What a setting is, where it must be set. Read from the catalogs, so what the check itself pins does not matter. */
export async function checkSetting(
  session: Session,
  expectation: SettingExpectation,
  attempt: Attempt,
): Promise<Outcome> {
  const setting = await read(session, expectation.name);
  const name = `setting ${expectation.name}`;
  if (!setting)
    return {
      passed: false,
      message: `There is no setting ${expectation.name} here. An extension’s exist once its library is loaded.`,
      behaviour: `${name}: none`,
    };
  const found = await valueAt(session, setting, expectation, attempt);
  const { value, note } = found;
  if (value === undefined)
    return {
      passed: false,
      message: `${setting.name} is not set ${PLACES[expectation.scope ?? 'server']}.${note === undefined ? '' : ` ${note}`}`,
      behaviour: `${name}: unset`,
    };
  const wrong = await misfit(session, setting, expectation, value);
  const shown = pretty(value, setting);
  const passed = wrong === undefined && note === undefined;
  return {
    passed,
    message: passed
      ? `${setting.name} is ${shown}.`
      : (wrong ?? `${setting.name} is ${shown}, but is not in force.`) + (note === undefined ? '' : ` ${note}`),
    ...(wrong !== undefined && { seen: shown }),
    behaviour: `${name}: ${passed ? 'right' : value}`,
  };
}

const PLACES: Readonly<Record<NonNullable<SettingExpectation['scope']>, string>> = {
  session: 'by the statements of the file',
  database: 'for this database',
  role: 'for the role',
  server: 'in the server’s configuration',
};

async function read(session: Session, name: string): Promise<Setting | undefined> {
  const { rows } = await session.run(
    `SELECT name, unit, vartype FROM pg_catalog.pg_settings WHERE pg_catalog.lower(name) = pg_catalog.lower($1)`,
    { parameters: [name] },
  );
  const [known, unit, type] = rows[0] ?? [];
  return known == null ? undefined : { name: known, unit: unit ?? undefined, type: type ?? 'string' };
}

async function valueAt(
  session: Session,
  setting: Setting,
  { scope, role }: SettingExpectation,
  attempt: Attempt,
): Promise<Found> {
  switch (scope) {
    case 'session':
      return inSession(session, setting, attempt);
    case 'database':
      return { value: await stored(session, setting, undefined) };
    case 'role':
      return { value: await stored(session, setting, role ?? null) };
    case 'server':
      return inConfiguration(session, setting);
    case undefined: {
      // what the check set for itself, and what the file did in its own session, is no new session's
      const { rows } = await session.run(`SELECT reset_val FROM pg_catalog.pg_settings WHERE name = $1`, {
        parameters: [setting.name],
      });
      return { value: rows[0]?.[0] ?? '', ...(await waiting(session, setting)) };
    }
  }
}

/** Runs what the file sets, as its session would have it, and looks. */
async function inSession(session: Session, setting: Setting, attempt: Attempt): Promise<Found> {
  return undone(session, async () => {
    const before = await session.run(
      `SELECT pg_catalog.set_config(name, reset_val, true) FROM pg_catalog.pg_settings WHERE name = $1 AND context IN ('user', 'superuser')`,
      { parameters: [setting.name] },
    );
    let isSet = false;
    for (const { keyword, text } of statements(attempt.text)) {
      if (keyword !== 'SET' && keyword !== 'RESET' && !(keyword === 'SELECT' && /\bset_config\b/i.test(text))) continue;
      // a transaction of the file is not repeated here: SET LOCAL in it is gone after it
      if (/^SET\s+(?:LOCAL|TRANSACTION|CONSTRAINTS)\b/i.test(text)) continue;
      await session.run('SAVEPOINT pg_lessons_set');
      try {
        await session.run(text, { maxRows: 1 });
        if (keyword === 'RESET') isSet = false;
        else if (text.toLowerCase().includes(setting.name.toLowerCase())) isSet = true;
      } catch (error) {
        if (!(error instanceof SqlError)) throw error;
        await session.run('ROLLBACK TO SAVEPOINT pg_lessons_set');
      }
      await session.run('RELEASE SAVEPOINT pg_lessons_set');
    }
    const { rows } = await session.run(`SELECT setting FROM pg_catalog.pg_settings WHERE name = $1`, {
      parameters: [setting.name],
    });
    const value = rows[0]?.[0] ?? undefined;
    return { value: isSet || value !== before.rows[0]?.[0] ? value : undefined };
  });
}

/** ALTER DATABASE … SET (role undefined), or ALTER ROLE … SET, also in this database only, which comes first. */
async function stored(
  session: Session,
  setting: Setting,
  role: string | null | undefined,
): Promise<string | undefined> {
  const { rows } = await session.run(
    `SELECT pg_catalog.substr(entry, pg_catalog.strpos(entry, '=') + 1)
     FROM pg_catalog.pg_db_role_setting s, pg_catalog.unnest(s.setconfig) AS entry
     WHERE pg_catalog.lower(pg_catalog.split_part(entry, '=', 1)) = pg_catalog.lower($1)
       AND (s.setdatabase = 0 AND s.setrole <> 0 OR s.setdatabase = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()))
       AND s.setrole = CASE WHEN $2 = 'database' THEN 0 ELSE coalesce((SELECT oid FROM pg_catalog.pg_roles WHERE rolname = coalesce($3, session_user)), 1) END
     ORDER BY s.setdatabase <> 0 DESC LIMIT 1`,
    { parameters: [setting.name, role === undefined ? 'database' : 'role', role ?? null] },
  );
  return rows[0]?.[0] ?? undefined;
}

/** postgresql.conf and ALTER SYSTEM, loaded. What a role or database has on top does not hide it. */
async function inConfiguration(session: Session, setting: Setting): Promise<Found> {
  const { rows } = await session.run(`SELECT reset_val, source, boot_val FROM pg_catalog.pg_settings WHERE name = $1`, {
    parameters: [setting.name],
  });
  const [reset, source] = rows[0] ?? [];
  const file = await fileEntry(session, setting);
  const pending = await waiting(session, setting);
  // set for the role or the database too: then only the file tells
  const hidden =
    source === 'database' ||
    source === 'user' ||
    source === 'database user' ||
    source === 'global' ||
    source === 'session';
  if (hidden) return { value: file, ...pending };
  // the check's own SET hides the source, not the value
  return { value: reset ?? undefined, ...pending };
}

async function fileEntry(session: Session, setting: Setting): Promise<string | undefined> {
  return (await configured(session, setting))?.value;
}

/** The last line about it in the configuration files; undefined where there is none, or where one may not look. */
async function configured(
  session: Session,
  setting: Setting,
): Promise<{ value: string; applied: boolean; error: string | null } | undefined> {
  try {
    const { rows } = await undone(session, () =>
      session.run(
        `SELECT setting, applied, error FROM pg_catalog.pg_file_settings WHERE pg_catalog.lower(name) = pg_catalog.lower($1) ORDER BY seqno DESC LIMIT 1`,
        { parameters: [setting.name] },
      ),
    );
    const [value, applied, error] = rows[0] ?? [];
    return value == null ? undefined : { value, applied: applied === 't', error: error ?? null };
  } catch (error) {
    if (error instanceof SqlError) return undefined;
    throw error;
  }
}

/** What is written in the configuration, and not in force yet. */
async function waiting(session: Session, setting: Setting): Promise<{ note?: string }> {
  const { rows } = await session.run(
    `SELECT pending_restart, reset_val, source, context FROM pg_catalog.pg_settings WHERE name = $1`,
    { parameters: [setting.name] },
  );
  const [restart, reset, source, context] = rows[0] ?? [];
  if (restart === 't') return { note: `A new value waits for a restart.` };
  if (source !== 'configuration file' && source !== 'default') return {};
  const file = await configured(session, setting);
  if (!file) return {};
  const value = await inBase(session, setting, file.value);
  if (value === undefined || sameValue(setting, value, reset ?? '')) return {};
  return {
    note:
      context === 'postmaster'
        ? `The configuration says ${file.value}, which waits for a restart.`
        : `The configuration says ${file.value}, which is not loaded: SELECT pg_reload_conf().`,
  };
}

/** What is wrong with a value, as a sentence. */
async function misfit(
  session: Session,
  setting: Setting,
  expectation: SettingExpectation,
  found: string,
): Promise<string | undefined> {
  const { value: accepted, includes } = expectation;
  const base = (await inBase(session, setting, found)) ?? found;
  const is = `${setting.name} is ${pretty(found, setting)}`;
  if (accepted) {
    const values = await Promise.all(accepted.map((each) => inBase(session, setting, String(each))));
    const fits = accepted.some((each, at) => sameValue(setting, values[at] ?? String(each), base));
    if (!fits) return `${is}; ${accepted.map(String).join(' or ')} is asked for.`;
  }
  if (includes !== undefined && !listOf(found).includes(includes.toLowerCase()))
    return `${setting.name} does not contain ${includes}.`;
  for (const [bound, below] of [
    ['at-least', true],
    ['at-most', false],
  ] as const) {
    const stated = expectation[bound];
    if (stated === undefined) continue;
    const limit = Number(await inBase(session, setting, String(stated)));
    if (Number.isNaN(limit))
      throw new Error(`The exercise’s ${bound} of ${setting.name} is no number: ${String(stated)}.`);
    const amount = Number(base);
    if (Number.isNaN(amount) || (below ? amount < limit : amount > limit))
      return `${is}; ${below ? 'at least' : 'at most'} ${String(stated)} is asked for.`;
  }
  return undefined;
}

/**
 * A value in the setting's own unit, as PostgreSQL converts it (guc.c: 64MB, 5min); without a unit it is in it
 * already. Booleans as on and off.
 * @returns undefined where it is no such value
 */
async function inBase(session: Session, { unit, type }: Setting, value: string): Promise<string | undefined> {
  const text = value.trim();
  if (type === 'bool') {
    if (/^(?:on|t|tr|tru|true|y|ye|yes|1)$/i.test(text)) return 'on';
    return /^(?:of|off|f|fa|fal|fals|false|n|no|0)$/i.test(text) ? 'off' : undefined;
  }
  if (type !== 'integer' && type !== 'real') return text;
  if (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text)) return String(Number(text));
  if (unit === undefined) return undefined;
  const expression = /^(?:\d*)(?:us|ms|s|min|h|d)$/.test(unit)
    ? // an interval's "min" and "us" are the settings' too
      `pg_catalog.date_part('epoch', $1::pg_catalog.interval) / pg_catalog.date_part('epoch', $2::pg_catalog.interval)`
    : `pg_catalog.pg_size_bytes($1)::pg_catalog.numeric / pg_catalog.pg_size_bytes($2)`;
  try {
    const { rows } = await undone(session, () =>
      session.run(`SELECT ${expression}`, {
        parameters: [text, /^\d/.test(unit) ? unit : `1${unit}`],
      }),
    );
    return String(Number(rows[0]?.[0]));
  } catch (error) {
    if (error instanceof SqlError) return undefined;
    throw error;
  }
}

function sameValue({ type }: Setting, a: string, b: string): boolean {
  if (type === 'integer') return Math.round(Number(a)) === Math.round(Number(b));
  if (type === 'real') return Math.abs(Number(a) - Number(b)) <= 1e-9 * Math.max(1, Math.abs(Number(b)));
  if (type === 'enum' || type === 'bool') return a.toLowerCase() === b.toLowerCase();
  return listOf(a).join(',') === listOf(b).join(',');
}

/** "a, B" and '"a",b': the same list. */
function listOf(text: string): string[] {
  return text.split(',').map((part) =>
    part
      .trim()
      .replace(/^"(.*)"$/, '$1')
      .toLowerCase(),
  );
}

/** "64MB" of 65536 kB, as SHOW prints it: the largest unit without a fraction. */
function pretty(value: string, { unit, type }: Setting): string {
  if (value === '') return 'empty';
  if (unit === undefined || (type !== 'integer' && type !== 'real') || !/^\d+$/.test(value) || value === '0')
    return value;
  const [, many = '', name = ''] = /^(\d*)(\w+)$/.exec(unit) ?? [];
  for (const scale of SCALES) {
    const own = scale.find(([each]) => each === name);
    if (!own) continue;
    const amount = Number(value) * (many === '' ? 1 : Number(many)) * own[1];
    const [best] = scale.filter(([, size]) => amount % size === 0);
    if (best) return `${amount / best[1]}${best[0]}`;
  }
  return `${value} × ${unit}`;
}

/** Largest first, in the smallest. */
const SCALES: readonly (readonly (readonly [string, number])[])[] = [
  [
    ['TB', 2 ** 40],
    ['GB', 2 ** 30],
    ['MB', 2 ** 20],
    ['kB', 1024],
    ['B', 1],
  ],
  [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['min', 60_000],
    ['s', 1000],
    ['ms', 1],
  ],
];
