import type { ExerciseEntry } from '../lesson/courses';
import type { Answers } from './answers';
import { argumentOf, type ExerciseFiles } from './files';
import { answerText, quizOf } from './quiz';

/** What a person has answered so far: the text of a file, or what is chosen in a card. */
export class Attempts {
  constructor(
    private readonly files: ExerciseFiles,
    private readonly answers: Answers,
  ) {}

  /** `undefined` when the exercise has not been started. */
  async text(entry: ExerciseEntry): Promise<string | undefined> {
    const exercise = argumentOf(entry);
    const quiz = quizOf(entry.exercise);
    if (!quiz) return this.files.text(exercise);
    const chosen = this.answers.of(exercise);
    return chosen && answerText(quiz, chosen);
  }
}
