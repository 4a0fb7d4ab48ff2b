import type { Plan, PlanNode } from '../../plan/model';
import { detailsOf, type Figure, figuresOf, planFigures, target } from './figures';

export function Detail({ node, plan }: { node: PlanNode; plan: Plan }) {
  const place = target(node);
  const { first, last } = detailsOf(node);
  const whole = node.parent === undefined ? planFigures(plan) : [];
  return (
    <section class="detail" aria-label="Node" tabIndex={0}>
      <h2>{node.type}</h2>
      {node.subplan === undefined ? null : <p class="dim">{node.subplan}</p>}
      {place === '' ? null : <p class="dim">{place}</p>}
      {node.neverExecuted ? <p>Never executed.</p> : null}
      {first.length === 0 ? null : <List class="properties" figures={first} />}
      <List class="figures" figures={figuresOf(node)} />
      {last.length === 0 ? null : <List class="properties" figures={last} />}
      {whole.length === 0 ? null : (
        <>
          <h3>Whole plan</h3>
          <List class="properties" figures={whole} />
        </>
      )}
    </section>
  );
}

function List(props: { class: string; figures: readonly Figure[] }) {
  return (
    <dl class={props.class}>
      {props.figures.map(({ name, value }, index) => (
        <div key={index}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
