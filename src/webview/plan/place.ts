/** Where a person is on the page: what survives that the panel is hidden. */
import type { ViewState } from '../kit/vscode';
import { usePersisted } from '../kit/page';
import type { Metric } from './view';

export const VIEWS = ['tree', 'graph', 'flame', 'text', 'source'] as const;
export type ViewName = (typeof VIEWS)[number];

/** How one likes plans shown: the next plan is shown so too. */
export interface Taste {
  readonly view: ViewName;
  readonly metric: Metric;
  /** Figures with those of the children. */
  readonly total: boolean;
}

const TASTE: Taste = { view: 'tree', metric: 'time', total: false };

export function useTaste(view: ViewState): [Taste, (taste: Taste) => void] {
  return usePersisted(view, 'taste', TASTE, isTaste);
}

function isTaste(value: unknown): value is Taste {
  return (
    isObject(value) &&
    VIEWS.some((name) => name === value['view']) &&
    ['time', 'buffers', 'rows', 'cost'].some((name) => name === value['metric']) &&
    typeof value['total'] === 'boolean'
  );
}

/** Where one is in one plan. */
export interface Place {
  readonly serial: number;
  /** Which of the plans that the text holds. */
  readonly which: number;
  /** The row's key in the tree (rows.ts). */
  readonly selected: number;
  readonly folded: readonly number[];
  readonly openGroups: readonly number[];
  /** Undefined while the search is closed. */
  readonly search: string | undefined;
  readonly side: 'findings' | 'node';
  /** In a comparison: the pair that is selected, and those that are folded. */
  readonly pair: number | undefined;
  readonly foldedPairs: readonly number[];
}

const NOWHERE: Place = {
  serial: -1,
  which: 0,
  selected: 0,
  folded: [],
  openGroups: [],
  search: undefined,
  side: 'node',
  pair: undefined,
  foldedPairs: [],
};

/** The place in the plan of this serial; undefined where nobody has been there yet. */
export function usePlace(view: ViewState, serial: number): [Place | undefined, (place: Place) => void] {
  const [place, go] = usePersisted(view, 'place', NOWHERE, isPlace);
  return [place.serial === serial ? place : undefined, go];
}

export function placeAt(serial: number, which: number, selected: number, side: Place['side']): Place {
  return { ...NOWHERE, serial, which, selected, side };
}

function isPlace(value: unknown): value is Place {
  return (
    isObject(value) &&
    ['serial', 'which', 'selected'].every((name) => typeof value[name] === 'number') &&
    ['folded', 'openGroups', 'foldedPairs'].every((name) => isNumbers(value[name])) &&
    ['string', 'undefined'].includes(typeof value['search']) &&
    ['number', 'undefined'].includes(typeof value['pair']) &&
    (value['side'] === 'findings' || value['side'] === 'node')
  );
}

function isNumbers(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === 'number');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** Scroll offsets change too often to draw the page anew. */
export function savedTop(view: ViewState, serial: number, what: string): number {
  const saved = view.get(`top of ${what}`);
  return isObject(saved) && saved['serial'] === serial && typeof saved['top'] === 'number' ? saved['top'] : 0;
}

export function saveTop(view: ViewState, serial: number, what: string, top: number): void {
  if (savedTop(view, serial, what) !== top) view.set(`top of ${what}`, { serial, top });
}
