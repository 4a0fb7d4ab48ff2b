// Chromium without a window, driven by Playwright, always with an empty profile.
import { chromium } from 'playwright-core';
import { ensureChromium } from './runtime.mjs';

const ARGS = [
  '--no-sandbox', // everything runs as root in containers
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
];

/**
 * @param {{ headless?: boolean }} [options]
 * @returns {Promise<import('playwright-core').Browser>}
 */
export async function launchBrowser({ headless = true } = {}) {
  const executablePath = await ensureChromium();
  return chromium.launch({ executablePath, headless, args: ARGS });
}
