import { useEffect, useState } from 'preact/hooks';

/** Seconds since this came on the page; nothing in the first. Not announced: it would never stop. */
export function Elapsed() {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const start = performance.now();
    const timer = setInterval(() => setSeconds(Math.floor((performance.now() - start) / 1000)), 1000);
    return () => clearInterval(timer);
  }, []);
  return seconds === 0 ? null : <span class="figure dim">{seconds} s</span>;
}
