// Paper sheets: handed out, entered by two people, compared. Both languages.

import type { Rule } from '../meeting/sheet_rules';
import type { ChannelAccount } from '../protocol';
import type { Bilingual } from './language';

export interface PaperTexts {
  title: string;
  issue_explain: string;
  enter_explain: string;
  chair_explain: string;
  issued: string;
  exceeds: (group: string) => string;
  more: string;
  less: string;
  teller: string;
  scrutineer: string;
  entered: string;
  open: string;
  agrees: string;
  differ: (figures: number) => string;
  counted: (returned: number, valid: number, invalid: number) => string;
  enter: string;
  enter_again: string;
  differences: string;
  figure: { returned: string; invalid: string; abstained: string; recused: string };
  sheets: string;
  waits_for: (groups: string) => string;
  window: (group: string) => string;
  mode: { sheets: string; totals: string };
  sheet_number: (number: number, issued: number) => string;
  keys: (marks: string) => string;
  number_keys: (most: number) => string;
  /** What is wrong with a number. */
  wrong_number: (most: number) => string;
  blank: string;
  own: string;
  rest_blank: string;
  invalid: string;
  lay: string;
  pile: string;
  sheet: (number: number, isInvalid: boolean) => string;
  pile_hint: string;
  finish_first: string;
  send: (sheets: number) => string;
  fewer: (missing: number) => string;
  too_many: string;
  missing_rows: (missing: number) => string;
  rule: Record<Rule, (have: number, limit: number) => string>;
  broken: string;
  channel: (account: ChannelAccount) => string;
}

const zh: PaperTexts = {
  title: '纸质测评票',
  issue_explain: '向没有手机的人发纸质票时登记张数，并收回本人的一人一码纸条：一人只能用一种方式。',
  enter_explain: '计票人和监票人各自独立录入，互相看不到；全部一致后才能监票确认。',
  chair_explain: '计票人和监票人各自录入，一致后才能监票确认。',
  issued: '发出',
  exceeds: (group) => `${group}：手机票加纸质票多于应到人数，有人用了两种方式。请核对，否则本轮只能作废。`,
  more: '多发一张',
  less: '少发一张',
  teller: '计票人',
  scrutineer: '监票人',
  entered: '已录入',
  open: '未录入',
  agrees: '一致',
  differ: (figures) => `${figures} 处不一致`,
  counted: (returned, valid, invalid) => `收回 ${returned} 张，有效 ${valid} 张，无效 ${invalid} 张`,
  enter: '录入…',
  enter_again: '更正…',
  differences: '不一致之处：请一起核对纸质票，录错的一方更正后重新提交。',
  figure: { returned: '收回张数', invalid: '无效张数', abstained: '弃权', recused: '回避' },
  sheets: '张数',
  waits_for: (groups) => `等待纸质票录入：${groups}`,
  window: (group) => `录入纸质票：${group}`,
  mode: { sheets: '逐张录入', totals: '录入合计' },
  sheet_number: (number, issued) => `第 ${number} 张（发出 ${issued} 张）`,
  keys: (marks) => `按键：${marks}，0 空白，X 无效票，退格改上一行，回车存入。`,
  number_keys: (most) => `每格填 0 到 ${most} 的整数，回车到下一格；空着的格最后按“其余空白”。`,
  wrong_number: (most) => `请填 0 到 ${most} 的整数，这一格没有记下。`,
  blank: '空白',
  own: '回避',
  rest_blank: '其余空白',
  invalid: '无效票',
  lay: '存入这张',
  pile: '已录',
  sheet: (number, isInvalid) => (isInvalid ? `${number} 无效` : `${number}`),
  pile_hint: '点一张可重新录入。',
  finish_first: '先存入正在录入的这张，再提交。',
  send: (sheets) => `提交 ${sheets} 张`,
  fewer: (missing) => `比发出少 ${missing} 张：确认没有收回，再提交。`,
  too_many: '收回多于发出：提交后本轮不能确认，只能作废。请先再数一遍。',
  missing_rows: (missing) => (missing > 0 ? `少 ${missing}` : `多 ${-missing}`),
  rule: {
    all_rows: (have, limit) => `每行都要填：已填 ${have} / ${limit}`,
    distinct_min: (have, limit) => `至少 ${limit} 种等次：现有 ${have} 种`,
    top_max: (have, limit) => `最高等次至多 ${limit} 个：现有 ${have} 个`,
    low_min: (have, limit) => `较低等次至少 ${limit} 个：现有 ${have} 个`,
    worst_reason: (have) => `评最低等次要写理由：缺 ${have} 项`,
    whole_rows: (have) => `每行的指标要么全填，要么全空：未填完 ${have} 行`,
    overall_matches: (have) => `总体评价要与各项指标相符：不符 ${have} 行`,
  },
  broken: '这张不符合填写规则，按无效票存入。',
  channel: ({ channel, issued, returned, valid, invalid, kiosk_issued }) => {
    const figures = `发出 ${issued} 张，收回 ${returned} 张，有效 ${valid} 张，无效 ${invalid} 张`;
    if (channel === 'paper') return `纸质票：${figures}`;
    return `手机票：${figures}${kiosk_issued > 0 ? `（其中共用平板发出 ${kiosk_issued} 张）` : ''}`;
  },
};

const en: PaperTexts = {
  title: 'Paper sheets',
  issue_explain:
    'Count every paper sheet that is handed to somebody without a phone, and take the one-time slip back: each person votes in one way only.',
  enter_explain:
    'Teller and scrutineer enter the sheets each by themselves, neither sees the other. The count can be witnessed once all of it agrees.',
  chair_explain:
    'Teller and scrutineer enter them each by themselves; the count can be witnessed once they agree.',
  issued: 'Issued',
  exceeds: (group) =>
    `${group}: phones and paper took more than are entitled, so somebody has both. Find out, or the round can only be declared void.`,
  more: 'One sheet more',
  less: 'One sheet less',
  teller: 'Teller',
  scrutineer: 'Scrutineer',
  entered: 'entered',
  open: 'open',
  agrees: 'agree',
  differ: (figures) => `${figures} figures differ`,
  counted: (returned, valid, invalid) => `returned ${returned}, valid ${valid}, invalid ${invalid}`,
  enter: 'Enter…',
  enter_again: 'Correct…',
  differences:
    'Where the entries differ: look at the sheets together; whoever mistyped corrects it and sends it again.',
  figure: { returned: 'Returned', invalid: 'Invalid', abstained: 'Abstained', recused: 'Own branch' },
  sheets: 'Sheets',
  waits_for: (groups) => `Waiting for the paper sheets of ${groups}`,
  window: (group) => `Paper sheets: ${group}`,
  mode: { sheets: 'Sheet by sheet', totals: 'Totals' },
  sheet_number: (number, issued) => `Sheet ${number} (${issued} issued)`,
  number_keys: (most) =>
    `Type a whole number from 0 to ${most} into each field, Enter for the next one; at the end mark the rest as blank.`,
  wrong_number: (most) => `Enter a whole number from 0 to ${most}; what stands here is not kept.`,
  keys: (marks) => `Keys: ${marks}, 0 blank, X invalid sheet, Backspace one row back, Enter keeps the sheet.`,
  blank: 'Blank',
  own: 'Own branch',
  rest_blank: 'Rest is blank',
  invalid: 'Invalid sheet',
  lay: 'Keep this sheet',
  pile: 'Entered',
  sheet: (number, isInvalid) => (isInvalid ? `${number} invalid` : `${number}`),
  pile_hint: 'Tap a sheet to enter it again.',
  finish_first: 'Keep the sheet in work before you send.',
  send: (sheets) => `Send ${sheets} sheets`,
  fewer: (missing) => `${missing} fewer than issued: make sure that they did not come back.`,
  too_many:
    'More came back than were issued: the round could not be witnessed, only declared void. Count again first.',
  missing_rows: (missing) => (missing > 0 ? `${missing} missing` : `${-missing} too many`),
  rule: {
    all_rows: (have, limit) => `Every row is marked: ${have} of ${limit}`,
    distinct_min: (have, limit) => `At least ${limit} different grades: ${have}`,
    top_max: (have, limit) => `At most ${limit} top marks: ${have}`,
    low_min: (have, limit) => `At least ${limit} low marks: ${have}`,
    worst_reason: (have) => `The worst mark has a reason: ${have} missing`,
    whole_rows: (have) => `A row has all of its items or none: ${have} unfinished`,
    overall_matches: (have) => `The overall mark fits the items: ${have} do not`,
  },
  broken: 'This sheet breaks a rule: keep it as an invalid one.',
  channel: ({ channel, issued, returned, valid, invalid, kiosk_issued }) => {
    const figures = `issued ${issued}, returned ${returned}, valid ${valid}, invalid ${invalid}`;
    if (channel === 'paper') return `On paper: ${figures}`;
    return `On phones: ${figures}${kiosk_issued > 0 ? ` (${kiosk_issued} issued at a shared tablet)` : ''}`;
  },
};

export const paperTexts: Bilingual<PaperTexts> = { zh, en };
