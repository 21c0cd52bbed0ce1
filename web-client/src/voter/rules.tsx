// The sheet's rules as live counters, from the same function that the server's rule is tested against.
import { computed } from '@preact/signals-core';
import { markIds } from '../row_value';
import { type Broken, type Rule, type RuleCount, ruleCounts } from '../sheet_rules';
import { blankRows, markOf, openRows, plan, rows } from './meeting';
import { fill, say } from './words';

/** Every rule in force, with what the sheet has. */
const counts = computed(() => {
  if (!plan.value) return [];
  const { sheet_rules, scale, numeric, needs_all_items } = plan.value;
  const grades = markIds({ numeric, scale: scale.filter(({ kind }) => kind === 'grade') });
  const all: RuleCount[] = ruleCounts(
    sheet_rules,
    grades,
    rows.value.map(({ id }) => markOf(id) || undefined),
  );
  const have = openRows.value.length - blankRows.value.length;
  if (needs_all_items) all.push({ rule: 'whole_rows', have, limit: 0, isBroken: have > 0 });
  return all;
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
    whole_rows: t.rule_whole_rows,
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
