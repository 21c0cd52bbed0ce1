// Opinions: the few words that the phone's page holds, and the page on which they are written, which is fetched.
import type { Bilingual } from './language';

export interface OpinionTexts {
  /** The way to the page, for a subject about which nothing is written. */
  write: string;
  /** The same where something is. */
  written: string;
  reason: string;
  /** {0}: how many are cast with the sheet. */
  cast_too: string;
}

export interface OpinionPageTexts {
  title: string;
  /** {0}: the smallest number about a subject that is shown. */
  hint: string;
  /** The same where the mark needs a reason. */
  reason_hint: string;
  /** {0}: characters that are left. */
  left: string;
  style: string;
  /** {0}: the most opinions of a sheet. */
  full: string;
}

const opinionsZh: OpinionTexts = {
  write: '写意见建议',
  written: '意见建议已写 · 修改',
  reason: '请写理由',
  cast_too: '另有意见建议 {0} 条，随票提交。',
};

const opinionsEn: OpinionTexts = {
  write: 'Write an opinion',
  written: 'Opinion written · change',
  reason: 'Write the reason',
  cast_too: 'Opinions submitted with the sheet: {0}.',
};

const pageZh: OpinionPageTexts = {
  title: '意见建议',
  hint: '可写可不写。与等次分开存放，不留座席、票种和时间；对该党组织的意见满 {0} 条，公布结果以后才给主持人看，次序打乱。不满则不公开。',
  reason_hint:
    '评了最低等次，要在这里写理由。理由与等次分开存放，不留座席、票种和时间；对该党组织的意见满 {0} 条，公布结果以后才给主持人看，次序打乱，不满则不公开。但若从文风认出您，也就知道您评了最低等次。',
  left: '还可以写 {0} 个字。随测评表一起提交，提交前可以改。',
  style: '请不要写能认出您的话：姓名、岗位、只有您知道的事。文风和用词也可能被认出来。',
  full: '一份测评表最多写 {0} 条意见建议。请先删去另一条。',
};

const pageEn: OpinionPageTexts = {
  title: 'Opinion',
  hint: 'You may write, or not. It is kept apart from your marks, without seat, group or time; the chair sees opinions about a branch only after the result is out, in no order, and only if there are at least {0}. Fewer are never shown.',
  reason_hint:
    'The worst mark needs its reason here. It is kept apart from your marks, without seat, group or time; the chair sees opinions about a branch only after the result is out, in no order, and only if there are at least {0}. But whoever knows you by your style of writing knows this mark too.',
  left: '{0} characters left. It is submitted with the sheet and can be changed until then.',
  style:
    'Write nothing by which you could be recognised: no name, no post, nothing that only you know. A style of writing can be recognised too.',
  full: 'A sheet has {0} opinions at most. Please delete another one first.',
};

export const opinionTexts: Bilingual<OpinionTexts> = { zh: opinionsZh, en: opinionsEn };

export const opinionPageTexts: Bilingual<OpinionPageTexts> = { zh: pageZh, en: pageEn };
