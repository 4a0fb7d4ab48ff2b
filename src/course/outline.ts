import type { Block } from './blocks';
import type { ExerciseOutline } from './lesson';
import { plainHeading } from './markdown';
import { fenceRole } from './roles';
import { exerciseSchema } from './schema';
import { parseYaml } from './yaml';

/** Ids, titles and points of a lesson's exercises. An exercise without a usable id, or with one that is taken, is left out. */
export function readOutline(blocks: readonly Block[]): ExerciseOutline[] {
  const found: ExerciseOutline[] = [];
  let heading = '';
  for (const block of blocks) {
    if (block.type === 'heading') heading = block.source;
    else if (block.top && /^\s*yaml\s/.test(block.info) && fenceRole(block.info)?.role === 'exercise') {
      const read = quick(block.text) ?? whole(block.text);
      if (read && !found.some(({ id }) => id === read.id))
        found.push({ ...read, title: plainHeading(heading), line: block.line });
    }
  }
  return found;
}

type Head = Pick<ExerciseOutline, 'id' | 'points'>;

/** Where `id` and `points` are plain lines of the outermost map, as nearly always. */
function quick(text: string): Head | undefined {
  const ids = text.match(/^id:.*$/gm);
  const points = text.match(/^points:.*$/gm);
  // a line of a text that goes over several could look like a key: only the very first lines are sure
  if (!/^(?:(?:id|points|counts): [^\n]*\n)+expect:[ \t]*\n/.test(text)) return undefined;
  if (ids?.length !== 1 || (points !== null && points.length !== 1)) return undefined;
  const id = /^id: +([a-z][a-z0-9]*(?:-[a-z0-9]+)*)[ \t]*$/.exec(ids[0])?.[1];
  const count = points === null ? '10' : /^points: +([1-9]\d{0,5})[ \t]*$/.exec(points[0])?.[1];
  if (id === undefined || count === undefined || /^(?:true|false|null)$/.test(id)) return undefined;
  return { id, points: Number(count) };
}

function whole(text: string): Head | undefined {
  const { value } = parseYaml(text, exerciseSchema, 0);
  return value && { id: value.id, points: value.points };
}
