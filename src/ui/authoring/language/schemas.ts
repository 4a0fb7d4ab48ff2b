import type { Schemas } from '../../../course/author/complete';

/** zod is large: asked for when something is completed or hovered. */
export async function makeSchemas(): Promise<Schemas> {
  const { jsonSchema } = await import('../../../course/jsonSchema');
  return { course: jsonSchema('course'), lesson: jsonSchema('lesson'), exercise: jsonSchema('exercise') };
}
