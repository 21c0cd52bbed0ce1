// Papers issued anew to somebody who lost theirs: what chair and scrutineer read. Both languages.
import type { Bilingual } from './language';

export interface ReissueTexts {
  title: string;
  explain: string;
  left: (left: number) => string;
  open: string;
  group: string;
  leads: string;
  leads_none: string;
  warn: string;
  ask: string;
  line: (number: number, group: string, leads: string) => string;
  waits: string;
  confirm: string;
  confirm_explain: string;
  confirmed: string;
  issued: string;
  code: string;
  code_hint: string;
}

const zh: ReissueTexts = {
  title: '补发测评票',
  explain:
    '有人清除了手机数据、无法找回空白票时使用。能换手机或浏览器的，先请本人在原窗口用“换一部手机或浏览器继续”。',
  left: (left) => `本轮还可补发 ${left} 份；补发数写入测评记录。`,
  open: '补发…',
  group: '票种',
  leads: '所任书记的党组织',
  leads_none: '不是书记',
  warn: '原来的空白票是匿名的，不能作废：请先当面确认本人尚未提交。',
  ask: '请监票人确认',
  line: (number, group, leads) => `补发 ${number}：${group}${leads ? `，${leads}` : ''}`,
  waits: '等监票人确认',
  confirm: '同意补发',
  confirm_explain: '主持人请求补发。请当面确认本人丢失了空白票，并且尚未提交。',
  confirmed: '已确认，请本人扫码或输入纸条号：',
  issued: '已补发',
  code: '补发纸条的二维码',
  code_hint: '纸条号',
};

const en: ReissueTexts = {
  title: 'Papers issued anew',
  explain:
    'For somebody whose phone lost its data, and with it the blank papers. Whoever only changes phone or browser moves them from the old window instead.',
  left: (left) => `${left} more may be issued anew in this round; how many were stands in the record.`,
  open: 'Issue anew…',
  group: 'Group',
  leads: 'Branch that the voter leads',
  leads_none: 'None',
  warn: 'The lost papers are anonymous and cannot be taken back: make sure, face to face, that the voter has not submitted.',
  ask: 'Ask the scrutineer',
  line: (number, group, leads) => `No. ${number}: ${group}${leads ? `, ${leads}` : ''}`,
  waits: 'waits for the scrutineer',
  confirm: 'Agree',
  confirm_explain:
    'The chair asks to issue papers anew. Make sure, face to face, that this voter lost them and has not submitted.',
  confirmed: 'Confirmed. The voter scans the code, or types the slip:',
  issued: 'issued',
  code: 'QR code of the new slip',
  code_hint: 'Slip',
};

export const reissueTexts: Bilingual<ReissueTexts> = { zh, en };
