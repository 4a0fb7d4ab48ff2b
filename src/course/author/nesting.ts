/** What a course never needs. Deeper, the YAML parser's recursion comes near the end of the stack. */
const MOST_BRACKETS = 40;
const MOST_INDENT = 200;
const MOST_DASHES = 20;

/**
 * Whether a YAML text is nested so deeply that it must not be parsed. Too deep a recursion is not only an error that
 * could be caught: a regular expression that V8 compiles near the end of the stack ends the whole process
 * ("RegExpCompiler Allocation failed"), and 1,000 opening brackets are enough.
 * Brackets in strings count as well: it errs towards refusing.
 */
export function isNestedTooDeeply(yaml: string): boolean {
  let brackets = 0;
  for (let at = 0; at < yaml.length; at++) {
    const code = yaml.charCodeAt(at);
    if (code === 91 || code === 123) brackets++;
    else if ((code === 93 || code === 125) && brackets > 0) brackets--;
    if (brackets > MOST_BRACKETS) return true;
  }
  for (const line of yaml.split('\n')) {
    const lead = /^[ \t]*((?:[-?:][ \t]+)*)/.exec(line);
    if (!lead) continue;
    const [whole, marks = ''] = lead;
    if (whole.length - marks.length > MOST_INDENT || marks.split(/[ \t]+/).length > MOST_DASHES) return true;
  }
  return false;
}
