/** The part of proper-lockfile that is used here. */
declare module 'proper-lockfile' {
  export interface LockOptions {
    /** Milliseconds without a touch after which a lock is nobody's. */
    readonly stale?: number;
    /** Milliseconds between touches. */
    readonly update?: number;
    readonly retries?: {
      readonly retries: number;
      readonly factor: number;
      readonly minTimeout: number;
      readonly maxTimeout: number;
    };
    /** `file` exists and its symlinks are followed; default true. */
    readonly realpath?: boolean;
    readonly lockfilePath?: string;
    /** Somebody else took the lock. The default throws where nobody catches it. */
    readonly onCompromised?: (error: Error) => void;
  }

  /** A CommonJS module: in a bundle that is split it has its default export alone. */
  const lockfile: {
    /** @throws an error of code ELOCKED when it is held */
    lock(file: string, options: LockOptions): Promise<() => Promise<void>>;
  };
  export default lockfile;
}
