import { closest } from '../closest';
import type { LessonFile } from '../lessonFile';
import type { Problem } from '../problem';
import { fenceLanguage, fenceRole, isRole, ROLE_NAMES, ROLES } from '../roles';
import { change, fix, problem } from './rules';

/** Blocks that were to have a role and have none. */
export function lintFences(file: LessonFile): Problem[] {
  return [...misspelt(file), ...withBacktick(file)];
}

function misspelt({ blocks, lines }: LessonFile): Problem[] {
  const problems: Problem[] = [];
  for (const block of blocks) {
    if (block.type !== 'fence' || block.info === '' || fenceRole(block.info)) continue;
    const match = /^(\s*)(\S+)(\s+)?([A-Za-z-]+)?(?![\w=])/.exec(block.info);
    const [, space = '', language = '', gap = '', word = ''] = match ?? [];
    const start = lines.line(block.line).indexOf(block.marks) + block.marks.length + space.length;
    const range = (from: number, length: number) => ({
      startLine: block.line,
      startCharacter: start + from,
      endLine: block.line,
      endCharacter: start + from + length,
    });
    const role = word.toLowerCase();
    if (isRole(language.toLowerCase()) && word === '') {
      const named = language.toLowerCase();
      const wanted = isRole(named) ? `${ROLES[named][0] ?? 'sql'} ${named}` : '';
      const message = `A role stands behind a language: \`\`\`${wanted}.`;
      problems.push(
        problem('unknown-role', message, range(0, language.length), change(range(0, language.length), wanted)),
      );
    } else if (isRole(role)) {
      const languages = ROLES[role];
      const fits = languages.length === 0 || languages.includes(language);
      const whole = range(0, language.length + gap.length + word.length);
      const wanted = `${fits ? language : (languages[0] ?? language)} ${role}`;
      const message = `“${block.info.trim().slice(0, 40)}” has no role: it is \`\`\`${wanted}.`;
      problems.push(problem('unknown-role', message, whole, change(whole, wanted)));
    } else if (word !== '') {
      const near = closest(
        word,
        ROLE_NAMES.filter((each) => ROLES[each].length === 0 || ROLES[each].includes(fenceLanguage(block.info))),
      );
      const at = range(language.length + gap.length, word.length);
      if (near !== undefined)
        problems.push(
          problem('unknown-role', `There is no role “${word}”. Did you mean “${near}”?`, at, change(at, near)),
        );
    }
  }
  return problems;
}

/** CommonMark takes such a line for inline code: the block silently is none. */
function withBacktick({ text, lines, blocks }: LessonFile): Problem[] {
  const problems: Problem[] = [];
  for (const match of text.matchAll(/^(`{3,})([^`\n]+)(`[^\n]*)$/gm)) {
    if (!fenceRole(match[2] ?? '')) continue;
    const { startLine } = lines.range(match.index);
    const inside = blocks.some(
      (block) => block.type === 'fence' && block.line < startLine && startLine < block.endLine,
    );
    if (inside) continue;
    const range = lines.lineRange(startLine);
    const marks = match[1] ?? '';
    const mended = marks + match[0].slice(marks.length).replaceAll('`', '').trimEnd();
    problems.push(
      problem('backtick-in-label', 'The first line of a block can have no backtick, or it is no block.', range, [
        fix('Take the backticks out', range, mended),
      ]),
    );
  }
  return problems;
}
