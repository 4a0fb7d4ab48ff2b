import { createHash, randomBytes } from 'node:crypto';

/** PostgreSQL's NAMEDATALEN less one; longer names are cut silently. */
const maxBytes = 63;

/** Everything of ours on the server begins so; nothing else is ever written. */
const prefix = 'pg_lessons_';

/** `pg_lessons_course_lesson`. Different ids give different names, whatever had to be replaced or cut. */
export function lessonDatabaseName(course: string, lesson: string): string {
  const plain = `${prefix}${word(course)}_${word(lesson)}`;
  // "a-b" of "c" and "a" of "b-c" would be the same name; so would a lesson named like a template.
  const unambiguous = /^[a-z0-9]+$/.test(course) && /^[a-z0-9-]+$/.test(lesson) && !reserved.test(plain);
  return unambiguous && plain.length <= maxBytes ? plain : withDigest(plain, `${course}\n${lesson}`);
}

/** The name for a role that finds `name` taken by another role's database. */
export function nameForRole(name: string, role: string): string {
  return withDigest(name, `role ${role}\n${name}`);
}

/** `pg_lessons_template_<dataset>_<digest of its SQL>` */
export function templateDatabaseName(dataset: { readonly name: string; readonly sql: string }): string {
  return withDigest(`${prefix}template_${word(dataset.name)}`, `${dataset.name}\n${dataset.sql}`);
}

/** Tells whether two data sets are the same; hex. */
export function datasetDigest(dataset: { readonly sql: string } | undefined): string {
  return createHash('sha256')
    .update(dataset?.sql ?? '')
    .digest('hex')
    .slice(0, 16);
}

const reserved = /^pg_lessons_(template|making|scratch)_/;

/**
 * A name nobody else has, and from which one can see how old the database is.
 * @param now milliseconds since 1970
 */
export function passingDatabaseName(kind: 'making' | 'scratch', now: number): string {
  return `${prefix}${kind}_${Math.floor(now / 1000).toString(36)}_${randomBytes(4).toString('hex')}`;
}

/** When `passingDatabaseName` gave this name, milliseconds since 1970; undefined for any other name. */
export function passingSince(name: string): number | undefined {
  const time = /^pg_lessons_(?:making|scratch)_([0-9a-z]+)_[0-9a-f]{8}$/.exec(name)?.[1];
  return time === undefined ? undefined : parseInt(time, 36) * 1000;
}

export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function word(id: string): string {
  return id.toLowerCase().replace(/[^a-z0-9]+/g, '_');
}

function withDigest(name: string, source: string): string {
  const digest = createHash('sha256').update(source).digest('hex').slice(0, 8);
  return `${name.slice(0, maxBytes - 9)}_${digest}`;
}
