import { Disposable, languages, type DocumentSelector } from 'vscode';
import type { LanguageOptions } from './index';
import { AuthoredFiles } from './authoredFiles';
import { LessonCompletion, TRIGGERS } from './completion';
import { LessonDefinition } from './definition';
import { LessonFolding, whenMarkdownIsReady } from './folding';
import { LessonHover } from './hover';
import { once } from './once';
import { FIX_KINDS, LessonFixes, LessonProblems } from './problems';
import { IdRename } from './rename';
import { makeSchemas } from './schemas';
import { loadParser } from './sqlParser';
import { ExerciseSymbols } from './symbols';

const LESSONS: DocumentSelector = { language: 'markdown' };
const COURSE: DocumentSelector = { pattern: '**/course.yaml' };
const BOTH: DocumentSelector = [LESSONS, COURSE];

/** All that authors get in the editor. Each provider first asks whether the file belongs to a course. */
export class Language extends Disposable {
  constructor({ courses, extensionUri, log }: LanguageOptions) {
    const files = new AuthoredFiles(courses);
    const schemas = once(makeSchemas);
    const parser = once(() => loadParser(extensionUri, log));
    const problems = new LessonProblems(courses, files, parser, log);
    const registered = Disposable.from(
      problems,
      languages.registerCodeActionsProvider(BOTH, new LessonFixes(problems), { providedCodeActionKinds: FIX_KINDS }),
      languages.registerCompletionItemProvider(BOTH, new LessonCompletion(files, schemas), ...TRIGGERS),
      languages.registerHoverProvider(BOTH, new LessonHover(files, schemas)),
      languages.registerDefinitionProvider(LESSONS, new LessonDefinition(files)),
      languages.registerRenameProvider(BOTH, new IdRename(files)),
      languages.registerDocumentSymbolProvider(LESSONS, new ExerciseSymbols(files), ExerciseSymbols.metadata()),
      whenMarkdownIsReady(() => languages.registerFoldingRangeProvider(LESSONS, new LessonFolding(files)), log),
    );
    super(() => {
      registered.dispose();
    });
  }
}
