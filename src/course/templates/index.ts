/** What New Course, New Lesson and New Exercise write, in VS Code and on the command line. */
export { courseFiles, FIRST_LESSON, type CourseOptions, type TemplateFile } from './course';
export { EXERCISE_KINDS, exerciseSnippet, exerciseText, type ExerciseKind, type ExerciseOptions } from './exercise';
export { LESSON_KINDS, lessonTemplate, type LessonKind, type LessonOptions } from './lesson';
export { freeId, idFrom, lessonFileName, titleFrom, yamlText } from './names';
