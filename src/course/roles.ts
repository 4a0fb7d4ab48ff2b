/** What a fenced block is for: the word behind the language in its info string. */
export type Role = 'run' | 'output' | 'exercise' | 'starter' | 'hint' | 'solution' | 'alternative' | 'wrong';

export interface Fence {
  readonly role: Role;
  /** `wrong "…"`, `alternative "…"`: the quoted text. */
  readonly label: string | undefined;
}

/** The languages a role may stand behind; without any, every language. The first is the one to write. */
export const ROLES: Readonly<Record<Role, readonly string[]>> = {
  run: ['sql'],
  output: ['text'],
  exercise: ['yaml'],
  starter: [],
  hint: ['md', 'markdown'],
  solution: [],
  alternative: [],
  wrong: [],
};

export const ROLE_NAMES = Object.keys(ROLES) as Role[];

/** The role that an info string gives its block; `undefined` for plain code. */
export function fenceRole(info: string): Fence | undefined {
  const match = /^\s*(\S+)\s+([a-z]+)(?![\w-])/.exec(info);
  const [, language, role] = match ?? [];
  if (language === undefined || role === undefined || !isRole(role)) return undefined;
  const languages = ROLES[role];
  if (languages.length > 0 && !languages.includes(language)) return undefined;
  return { role, label: /"([^"]*)"/.exec(info)?.[1] };
}

export function isRole(word: string): word is Role {
  return Object.hasOwn(ROLES, word);
}

/** `sql` of `sql wrong "…"`. */
export function fenceLanguage(info: string): string {
  return /\S+/.exec(info)?.[0] ?? '';
}
