/** The row of small buttons over a picture, and what its bars stand for. */
import { METRIC_NAMES, metricsOf } from '../../../plan/layout/metric';
import type { Plan } from '../../../plan/model';
import { useMemo } from 'preact/hooks';
import type { Metric } from '../view';

export function MetricChoice(props: {
  readonly plan: Plan;
  readonly label: string;
  readonly metric: Metric;
  readonly onMetric: (metric: Metric) => void;
}) {
  const metrics = useMemo(() => metricsOf(props.plan), [props.plan]);
  if (metrics.length < 2) return null;
  return (
    <select
      class="tool tool-choice"
      aria-label={props.label}
      title={props.label}
      value={props.metric}
      onChange={(event) => {
        const chosen = metrics.find((metric) => metric === event.currentTarget.value);
        if (chosen !== undefined) props.onMetric(chosen);
      }}
    >
      {metrics.map((metric) => (
        <option key={metric} value={metric}>
          {METRIC_NAMES[metric]}
        </option>
      ))}
    </select>
  );
}
