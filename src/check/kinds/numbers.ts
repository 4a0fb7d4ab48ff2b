import type { Cell } from '../../sql/session';

const INTEGERS = new Set([20, 21, 23, 26]);
const FLOATS = new Set([700, 701]);
const NUMERIC = 1700;

/** Of a column's type (OID in pg_type; of a domain, that of its base type). */
export function isNumber(type: number): boolean {
  return INTEGERS.has(type) || FLOATS.has(type) || type === NUMERIC;
}

export function isWhole(type: number): boolean {
  return INTEGERS.has(type);
}

export function isFloat(type: number): boolean {
  return FLOATS.has(type);
}

const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d{1,4}))?$/i;

/** One text for one number: 1.50 and 1.5, 1e+20 and its digits, -0 and 0. What is none (NaN, Infinity) stays. */
export function canonicalNumber(text: string): string {
  if (isPlain(text)) return text;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = DECIMAL.exec(text) ?? [];
  if (whole === '' && fraction === '') return text;
  const shift = Number(exponent);
  if (Math.abs(shift) > 400) return text;
  const digits = whole + fraction;
  const point = whole.length + shift;
  const before = point <= 0 ? '' : digits.slice(0, point).padEnd(point, '0');
  const after = point <= 0 ? '0'.repeat(-point) + digits : digits.slice(point);
  const left = before.replace(/^0+/, '') || '0';
  const right = after.replace(/0+$/, '');
  const number = right === '' ? left : `${left}.${right}`;
  return sign === '-' && number !== '0' ? `-${number}` : number;
}

/** A whole number without what could be written otherwise. Most are; a loop is faster than an expression. */
function isPlain(text: string): boolean {
  const { length } = text;
  if (length === 0 || (length > 1 && text.charCodeAt(0) === ZERO)) return false;
  for (let at = 0; at < length; at++) {
    const digit = text.charCodeAt(at) - ZERO;
    if (digit < 0 || digit > 9) return false;
  }
  return true;
}

const ZERO = 48;

/** How far a number may be off: by so much, or by that share of the right one. */
export interface Allowance {
  readonly absolute: number;
  readonly relative: number;
}

/** `0.01`, or `1 %`. */
export function allowance(tolerance: number | string): Allowance {
  if (typeof tolerance === 'number') return { absolute: tolerance, relative: 0 };
  return { absolute: 0, relative: Number.parseFloat(tolerance) / 100 };
}

/** What may lie around the right value; a hair more, for 0.3 - 0.2 exceeds 0.1. */
export function reach(right: number, { absolute, relative }: Allowance): number {
  return absolute + Math.abs(right) * relative + Math.abs(right) * 4 * Number.EPSILON + absolute * 1e-9;
}

/** The number a cell holds; undefined for NULL, and for what is no finite number. */
export function numberOf(cell: Cell): number | undefined {
  if (cell === null || cell.trim() === '') return undefined;
  const number = Number(cell);
  return Number.isFinite(number) ? number : undefined;
}
