import type { Reporter } from './event';
import { githubReporter } from './github';
import { jsonReporter } from './json';
import { junitReporter } from './junit';
import { specReporter } from './spec';

export const FORMATS = ['spec', 'json', 'junit', 'github'] as const;
export type Format = (typeof FORMATS)[number];

const REPORTERS: Readonly<Record<Format, () => Reporter>> = {
  spec: specReporter,
  json: jsonReporter,
  junit: junitReporter,
  github: () => githubReporter(),
};

export function reporter(format: Format): Reporter {
  return REPORTERS[format]();
}
