// The sheet's rules as live counters, from the same function that the server's rule is tested against.
import { computed } from '@preact/signals-core';
import { type Broken, type Rule, ruleCounts } from '../sheet_rules';
import { markOf, plan, rows } from './meeting';
import { fill, say } from './words';

/** Every rule in force, with what the sheet has. */
const counts = computed(() => {
  if (!plan.value) return [];
  const { sheet_rules, scale } = plan.value;
  const grades = scale.filter(({ kind }) => kind === 'grade').map(({ id }) => id);
  return ruleCounts(
    sheet_rules,
    grades,
    rows.value.map(({ id }) => markOf(id)),
  );
});

/** Those that the sheet breaks as it is. */
export const brokenRules = computed(() => counts.value.filter(({ isBroken }) => isBroken));

function sentence({ rule, have, limit }: Broken): string {
  const t = say();
  const sentences: Record<Rule, string> = {
    all_rows: t.rule_all_rows,
    distinct_min: t.rule_distinct_min,
    top_max: t.rule_top_max,
    low_min: t.rule_low_min,
  };
  return fill(sentences[rule], have, limit);
}

export function Counters() {
  if (counts.value.length === 0) return null;
  return (
    <ul class="counters">
      {counts.value.map((count) => (
        <li key={count.rule} class={count.isBroken ? 'broken' : ''}>
          {count.isBroken ? '○' : '✓'} {sentence(count)}
        </li>
      ))}
    </ul>
  );
}
