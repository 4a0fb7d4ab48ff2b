import { useLayoutEffect, useRef } from 'preact/hooks';

/** HTML that the host has made from markdown and cleaned (`course/render.ts`). */
export function Html(props: { html: string; class: string }) {
  const element = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    // Code too wide for the page scrolls: by keyboard as well.
    for (const block of element.current?.querySelectorAll('pre') ?? []) {
      block.tabIndex = 0;
    }
  }, [props.html]);
  return <div ref={element} class={props.class} dangerouslySetInnerHTML={{ __html: props.html }} />;
}
