// The sheet's rules as live counters, from the same function that the server's rule is tested against.
import { computed } from '@preact/signals-core';
import { type BrokenRule, type Rule, type RuleCount, ruleCounts } from '../meeting/sheet_rules';
import { grades, markOf, opinionOf, partlyRows, rows, unmatchedRows } from './rows';
import { plan } from './state';
import { fill, say } from './words';

/** Every rule in force, with what the sheet has. */
const counts = computed(() => {
  if (!plan.value) return [];
  const { sheet_rules, needs_all_items, overall } = plan.value;
  const all: RuleCount[] = ruleCounts(
    sheet_rules,
    grades.value,
    rows.value.map(({ id }) => markOf(id) || undefined),
    rows.value.map(({ id }) => opinionOf(id) !== ''),
  );
  const none = (rule: Rule, have: number) => all.push({ rule, have, limit: 0, isBroken: have > 0 });
  if (needs_all_items) none('whole_rows', partlyRows.value.length);
  if (overall) none('overall_matches', unmatchedRows.value.length);
  return all;
});

/** Those that the sheet breaks as it is. */
export const brokenRules = computed(() => counts.value.filter(({ isBroken }) => isBroken));

function sentence({ rule, have, limit }: BrokenRule): string {
  const t = say();
  const sentences: Record<Rule, string> = {
    all_rows: t.rule_all_rows,
    distinct_min: t.rule_distinct_min,
    top_max: t.rule_top_max,
    low_min: t.rule_low_min,
    worst_reason: t.rule_worst_reason,
    whole_rows: t.rule_whole_rows,
    overall_matches: t.rule_overall_matches,
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
