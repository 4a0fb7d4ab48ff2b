import { fenceRole, type Role } from '../roles';

/** What the words behind a fence's language mean, for completion, hover and symbols. */
export interface RoleDescription {
  readonly role: Role;
  /** The language that is written in front of it. */
  readonly language: 'sql' | 'yaml' | 'md' | 'text';
  /** Needs a text in quotes behind it. */
  readonly label: 'message' | 'name' | undefined;
  /** One sentence for authors. */
  readonly description: string;
  /** Whether the block belongs to the exercise above it. */
  readonly part: boolean;
}

/** In the order in which they stand in a lesson. */
export const ROLES: readonly RoleDescription[] = [
  {
    role: 'run',
    language: 'sql',
    label: undefined,
    part: false,
    description: 'An example with Run and Explain on it. Verifying runs it as well.',
  },
  {
    role: 'output',
    language: 'text',
    label: undefined,
    part: false,
    description:
      'What the `sql run` block directly above prints. Verifying compares it. `…` stands for anything; `masking times, memory` leaves out what varies; `on 18`, `on 16-18` or `on 17+` names the versions that print it.',
  },
  {
    role: 'exercise',
    language: 'yaml',
    label: undefined,
    part: false,
    description: 'Begins an exercise: its id, its points and what is expected. Its other blocks follow.',
  },
  {
    role: 'starter',
    language: 'sql',
    label: undefined,
    part: true,
    description: 'What the student’s file begins with. It must not pass.',
  },
  {
    role: 'hint',
    language: 'md',
    label: undefined,
    part: true,
    description: 'A hint, in markdown. Students ask for one after the other.',
  },
  {
    role: 'solution',
    language: 'sql',
    label: undefined,
    part: true,
    description: 'The answer that the check compares with. It must pass; students may uncover it.',
  },
  {
    role: 'wrong',
    language: 'sql',
    label: 'message',
    part: true,
    description: 'A foreseen wrong answer. It must fail, and an attempt that fails alike gets the message in quotes.',
  },
  {
    role: 'alternative',
    language: 'sql',
    label: 'name',
    part: true,
    description: 'Another right answer, never shown. Verifying proves that it passes.',
  },
];

/** The role that an info string gives its block, as the parser reads it; `undefined` for plain code. */
export function roleOf(info: string): RoleDescription | undefined {
  const role = fenceRole(info)?.role;
  return role && ROLES.find((each) => each.role === role);
}
