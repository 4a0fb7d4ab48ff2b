import { insertLines } from '../edits';
import type { LessonFile } from '../lessonFile';
import type { Problem } from '../problem';
import type { FrontMatter } from '../schema';
import { problem } from './rules';

/** The sections that lessons of a kind have, in this order, each as a heading of any level. */
export const SECTIONS: Readonly<Partial<Record<FrontMatter['kind'], readonly string[]>>> = {
  tutorial: ['Learning Objectives', 'Prerequisites', 'Key Concepts', 'Examples', 'Practice Exercises', 'Summary'],
  workshop: [
    'Objective',
    'Prerequisites',
    'Step-by-step Instructions',
    'Expected Output',
    'Troubleshooting',
    'Verification',
    'Next Steps',
  ],
  homework: ['Objective', 'Requirements', 'Submission Instructions', 'Rubric', 'Time Estimate'],
};

export function lintSections(file: LessonFile): Problem[] {
  const kind = file.front.value?.kind;
  const wanted = kind && SECTIONS[kind];
  if (!wanted) return [];
  const present = file.headings.map(({ text, line }) => ({ name: plain(text), line }));
  return wanted.flatMap((section, index) => {
    if (present.some(({ name }) => name === plain(section))) return [];
    const later = wanted.slice(index + 1).map(plain);
    const next = present.find(({ name }) => later.includes(name));
    const level = '#'.repeat(Math.max(2, file.headings[0]?.level ?? 2));
    const edit = insertLines(file.lines, next?.line ?? file.lines.count, `${next ? '' : '\n'}${level} ${section}\n`);
    const range = file.front.source?.valueRange(['kind']) ?? file.lines.lineRange(0);
    return [
      problem('missing-section', `A ${kind} has a section “${section}”.`, range, [
        { title: `Add “${section}”`, edits: [edit] },
      ]),
    ];
  });
}

/** "Learning objectives:" is "Learning Objectives"; one or several makes no difference. */
function plain(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
    .replace(/s(?= |$)/g, '');
}
