/** The part of pgpass that matches, without the part that reads `process.env`. */
declare module 'pgpass/lib/helper.js' {
  import type { Readable } from 'node:stream';
  const helper: {
    /** `callback` gets undefined when no line matches. */
    getPassword(
      connection: { readonly host: string; readonly port: number; readonly database: string; readonly user: string },
      file: Readable,
      callback: (password: string | undefined) => void,
    ): void;
  };
  export default helper;
}
