/**
 * A short fingerprint of a text, to tell whether two are the same; not for secrets.
 * FNV-1a in two 32-bit halves: 64 bits, browser-safe and synchronous, which Web Crypto's digests are not.
 */
export function fingerprint(text: string): string {
  let low = 0x811c9dc5;
  let high = 0xc9dc5118;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    low = Math.imul(low ^ code, 0x01000193);
    high = Math.imul(high ^ ((code << 7) | (code >>> 9)), 0x01000193) ^ (low >>> 13);
  }
  return (low >>> 0).toString(16).padStart(8, '0') + (high >>> 0).toString(16).padStart(8, '0');
}
