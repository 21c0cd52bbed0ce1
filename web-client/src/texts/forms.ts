// What the printed forms are called: on the chair's card of files, and on the print page.
import type { Bilingual } from './language';

const zh = {
  summary: '汇总表',
  report: '计票报告',
  ranking: '位次表',
  grades: '建议等次表',
  feedback: '反馈单',
  opinions: '意见建议',
  ballot: '纸质测评票',
  signin: '签到表',
  slips: '纸条统计表',
  history: '会议记录',
};

export type FormTexts = typeof zh;

const en: FormTexts = {
  summary: 'Summary',
  report: 'Tally report',
  ranking: 'Ranking',
  grades: 'Suggested grades',
  feedback: 'Feedback slips',
  opinions: 'Opinions',
  ballot: 'Ballot on paper',
  signin: 'Sign-in sheet',
  slips: 'Slips',
  history: 'History',
};

export const formTexts: Bilingual<FormTexts> = { zh, en };
