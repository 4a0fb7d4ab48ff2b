// One VS Code for a mocha suite, and a picture of every failure.
import { Session, type SessionOptions } from './session.js';

const LAUNCH_LIMIT_MS = 120_000;

/**
 * Opens a VS Code before the suite's tests and closes it after them; call it inside `describe`.
 * A failed test leaves out/screenshots/failed-TITLE.png.
 */
export function useSession(options: SessionOptions = {}): () => Session {
  let session: Session | undefined;

  before(async function () {
    this.timeout(LAUNCH_LIMIT_MS);
    session = await Session.open(options);
  });

  afterEach(async function () {
    const test = this.currentTest;
    if (test?.state !== 'failed' || !session) return;
    const name = test
      .fullTitle()
      .replace(/[^\w]+/g, '-')
      .slice(0, 100);
    const file = await session.screenshot(`failed-${name}`).catch(() => undefined); // the page may be gone
    if (file) console.error(`      what the window showed: ${file}`);
  });

  after(async function () {
    this.timeout(LAUNCH_LIMIT_MS);
    await session?.close();
    session = undefined;
  });

  return () => {
    if (!session) throw new Error('VS Code is open only while the tests of the suite run.');
    return session;
  };
}
