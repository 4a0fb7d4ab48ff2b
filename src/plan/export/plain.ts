/**
 * Names and conditions as text for a terminal or an editor: one line, without control characters (an escape sequence in a name
 * would be obeyed) and without marks that turn the direction of what follows.
 */
export function plain(text: string): string {
  return text
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ')
    .replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '');
}
