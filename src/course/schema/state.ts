import * as z from 'zod';
import { key, oneOrMore } from './key';

export const stateSchema = key(
  z.strictObject({
    query: key(
      z.string().min(1),
      'A query that returns one true; whatever it does is undone.',
      'SELECT count(*) = 0 FROM pg_prepared_xacts',
    ),
    message: key(
      z.string().min(1),
      'Shown when it is not true; say what was found, not what to do.',
      'A prepared transaction is still open.',
    ),
  }),
  'A query over the database returns true. For what the other kinds do not know.',
  { query: 'SELECT count(*) = 0 FROM pg_prepared_xacts', message: 'A prepared transaction is still open.' },
);

const VALUE = 'must be a text, a number, true or false';
const value = z.union([z.string(), z.number(), z.boolean()], { error: VALUE });
const amount = z.union([z.string().min(1), z.number()], {
  error: 'must be a number, or a text with a unit such as 64MB or 5min',
});

export const SCOPES = ['session', 'database', 'role', 'server'] as const;

export const settingSchema = key(
  z
    .strictObject({
      name: key(
        z
          .string()
          .regex(
            /^[A-Za-z_][A-Za-z0-9_$]*(?:\.[A-Za-z_][A-Za-z0-9_$]*)*$/,
            'must be a setting’s name, such as work_mem',
          ),
        'The setting, as SHOW takes it.',
        'work_mem',
      ),
      value: key(
        oneOrMore(value, VALUE).optional(),
        'What it must be, in any of PostgreSQL’s spellings and units; of a list, any of them.',
        '64MB',
        ['replica', 'logical'],
      ),
      'at-least': key(amount.optional(), 'The least it may be, with PostgreSQL’s units.', '64MB'),
      'at-most': key(amount.optional(), 'The most it may be, with PostgreSQL’s units.', '5min'),
      includes: key(z.string().min(1).optional(), 'What a setting that is a list must contain.', 'pg_stat_statements'),
      scope: key(
        z.enum(SCOPES).optional(),
        'Where it must be set: by the statements of the student’s file (`session`), by ALTER DATABASE (`database`), by ALTER ROLE (`role`), or in the configuration and loaded (`server`). Without it: what a new session gets.',
        'database',
      ),
      role: key(
        z.string().min(1).optional(),
        'With `scope: role`: whose; without it, the role that connects.',
        'reporting',
      ),
    })
    .refine(
      (setting) =>
        setting.value !== undefined ||
        setting['at-least'] !== undefined ||
        setting['at-most'] !== undefined ||
        setting.includes !== undefined,
      'needs value, at-least, at-most or includes',
    )
    .refine((setting) => setting.role === undefined || setting.scope === 'role', 'takes role only with scope: role'),
  'What a setting is, and where it was set.',
  { name: 'work_mem', 'at-least': '64MB', scope: 'role' },
);

export type StateExpectation = z.output<typeof stateSchema>;
export type SettingExpectation = z.output<typeof settingSchema>;
