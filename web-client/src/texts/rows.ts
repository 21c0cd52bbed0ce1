// What rows with items or numbers say. In later.js, which draws them: the phone's own page has no room.
import type { Bilingual } from './language';

export interface RowTexts {
  /** {0} filled, {1} of so many items. */
  fill: string;
  partly: string;
  complete: string;
  /** Of a row that may be cast with open items. */
  enough: string;
  count: string;
  place: string;
  weight: string;
  needs_all: string;
  may_leave: string;
  /** The overall mark, before any item is marked; {0} the grade that the items ask for. */
  overall: string;
  overall_is: string;
  unmatched: string;
  previous: string;
  next: string;
  clear: string;
  clear_of: string;
  clear_row: string;
  marked: string;
  open: string;
  points: string;
  /** {0}: the largest number. */
  points_of: string;
  wrong: string;
  less: string;
  more: string;
}

const zh: RowTexts = {
  fill: '填写 {1} 项指标',
  partly: '未填完：已填 {0} 项，共 {1} 项',
  complete: '✓ 已填完 {0} 项 · 修改',
  enough: '✓ 已填 {0} 项，共 {1} 项 · 修改',
  count: '已填 {0} 项，共 {1} 项',
  place: '第 {0} 位 · 共 {1} 位',
  weight: '权重 {0}%',
  needs_all: '各项指标要么全部填完，要么全部留空；全部留空按弃权计。',
  may_leave: '可以有指标不填，不填的不计入这一行；全部留空按弃权计。',
  overall: '总体评价：须与以上各项合计所在的等次一致',
  overall_is: '以上各项合计为“{0}”，总体评价须与此一致',
  unmatched: '总体评价与各项不符 · 修改',
  previous: '上一位',
  next: '下一位',
  clear: '清除',
  clear_of: '清除“{0}”的选择',
  clear_row: '全部清除',
  marked: '{0}：{1}',
  open: '未填',
  points: '{0} 分',
  points_of: '{1}的分数，0 到 {0}',
  wrong: '请填 0 到 {0} 的整数。现在这一格没有记下。',
  less: '{0}减 1 分',
  more: '{0}加 1 分',
};

const en: RowTexts = {
  fill: 'Fill in {1} items',
  partly: 'Unfinished: {0} of {1} items',
  complete: '✓ Complete, {0} items · change',
  enough: '✓ {0} of {1} items · change',
  count: '{0} of {1} items filled in',
  place: '{0} of {1}',
  weight: 'Weight {0} %',
  needs_all: 'Fill in all items, or none: a row without any counts as abstained.',
  may_leave: 'Items may be left open and do not enter this row; a row without any counts as abstained.',
  overall: 'Overall: the grade that the items above add up to',
  overall_is: 'The items above add up to “{0}”: the overall mark must be the same',
  unmatched: 'Overall mark does not fit · change',
  previous: 'Previous',
  next: 'Next',
  clear: 'Clear',
  clear_of: 'Clear the mark for {0}',
  clear_row: 'Clear all',
  marked: '{0}: {1}',
  open: 'open',
  points: '{0} points',
  points_of: 'Points of {1}, 0 to {0}',
  wrong: 'Please enter a whole number from 0 to {0}. What stands here is not kept.',
  less: '{0}: one point less',
  more: '{0}: one point more',
};

export const rowTexts: Bilingual<RowTexts> = { zh, en };
