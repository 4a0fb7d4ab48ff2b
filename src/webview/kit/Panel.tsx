import type { ComponentChildren } from 'preact';

/** A page in the bottom panel, named for who hears it: VS Code shows the name above. */
export function Panel(props: { name: string; children: ComponentChildren }) {
  return (
    <main class="panel">
      <h1 class="visually-hidden">{props.name}</h1>
      {props.children}
    </main>
  );
}
