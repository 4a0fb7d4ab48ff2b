import { Diagnostic, DiagnosticSeverity, languages, Range, type DiagnosticCollection, type Uri } from 'vscode';
import type { Lesson } from '../../course/lesson';
import type { Problem, TextRange } from '../../course/problem';
import type { Proof } from '../../verify/proof';

/** As `pg-lessons verify` finds them; the problems of the text itself are another collection. */
export function openProblems(): DiagnosticCollection {
  return languages.createDiagnosticCollection('pg-lessons verify');
}

/**
 * What verifying found beside its proofs, of one exercise, with what is known of the file's other exercises.
 * @param id of the exercise that was verified just now
 */
export function diagnosticsOf(
  uri: Uri,
  known: DiagnosticCollection,
  lesson: Lesson,
  id: string,
  proofs: readonly Proof[],
): Diagnostic[] {
  const ids = new Set(lesson.exercises.map((exercise) => exercise.id));
  const others = without(uri, known, id).filter((each) => each instanceof Found && ids.has(each.about));
  const found = new Map<string, Found>();
  for (const problem of proofs.flatMap(({ problems = [] }) => problems))
    found.set(JSON.stringify([problem.code, problem.range, problem.message]), new Found(problem, id));
  return [...others, ...found.values()];
}

/** What is known of the file's other exercises. */
export function without(uri: Uri, known: DiagnosticCollection, id: string): Diagnostic[] {
  return (known.get(uri) ?? []).filter((each) => !(each instanceof Found && each.about === id));
}

class Found extends Diagnostic {
  constructor(
    { severity, message, range, code }: Problem,
    /** The exercise's id. */
    readonly about: string,
  ) {
    super(rangeOf(range), message, severity === 'error' ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning);
    this.code = code;
    this.source = 'Postgres Lessons';
  }
}

function rangeOf({ startLine, startCharacter, endLine, endCharacter }: TextRange): Range {
  return new Range(startLine, startCharacter, endLine, Math.min(endCharacter, 10_000));
}
