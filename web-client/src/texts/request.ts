// What chair and scrutineer do together: what each of them reads. Both languages.

import type { CoSigned, GroupAccount } from '../protocol';
import type { Bilingual } from './language';

type What = CoSigned['what'];

export interface RequestTexts {
  what: Record<What, string>;
  reason: string;
  audience: string;
  waits: string;
  waits_short: string;
  waits_explain: string;
  withdraw: string;
  nobody: string;
  nobody_here: string;
  nobody_explain: string;
  declined: string;
  declined_explain: string;
  asks: string;
  balance: (total: GroupAccount) => string;
  reissued: (count: number) => string;
  explain: Record<What, string>;
  confirm: Record<What, string>;
  decline: string;
  decline_hint: string;
}

const zh: RequestTexts = {
  what: { certificate: '监票确认', void: '作废本轮', publication: '公布结果' },
  reason: '原因：',
  audience: '公布范围：',
  waits: '等监票人确认',
  waits_short: '已提请监票人，等待确认',
  waits_explain: '监票人在自己的页面上确认后立即执行；在此之前什么也没有改变。',
  withdraw: '撤回',
  nobody: '没有监票人的页面连接。',
  nobody_here: '没有监票人的页面连接到这台服务器（连接到其他服务器的不计在内）。',
  nobody_explain:
    '请监票人用自己的手机或电脑打开“监票”链接：创建会议时与主持链接一起显示，由创建会议的人转交。主持人不要代为打开。',
  declined: '监票人不同意：',
  declined_explain: '什么也没有改变。请当面问明原因，处理后可重新提请。',
  asks: '主持人提请您确认',
  balance: (total) =>
    `应到 ${total.entitled} 人，实到 ${total.present} 人。发出 ${total.issued} 张，收回 ${total.returned} 张，其中有效 ${total.valid} 张、无效 ${total.invalid} 张。`,
  reissued: (count) => `另补发 ${count} 张。`,
  explain: {
    certificate: '请核对：这些数字与您见证的发票、收票和计票一致。',
    void: '作废后本轮不计，不能恢复；可以重新测评，另起一轮。',
    publication: '确认后立即向这个范围公布。',
  },
  confirm: { certificate: '确认计票属实', void: '同意作废', publication: '同意公布' },
  decline: '不同意',
  decline_hint: '不同意时什么也不改变，主持人会看到。',
};

const en: RequestTexts = {
  what: {
    certificate: 'Confirm the count',
    void: 'Declare the round void',
    publication: 'Publish the result',
  },
  reason: 'Reason:',
  audience: 'Publish to:',
  waits: 'waits for the scrutineer',
  waits_short: 'The scrutineer is asked to confirm',
  waits_explain:
    'It is carried out as soon as the scrutineer confirms it on a page of their own; until then nothing has changed.',
  withdraw: 'Take it back',
  nobody: "No scrutineer's page is connected.",
  nobody_here: "No scrutineer's page is connected to this server (those at other servers are not counted).",
  nobody_explain:
    "Let the scrutineer open the scrutineer's link on a phone or computer of their own: it was shown beside the chair's when the meeting was made, and comes from whoever made it. The chair does not open it for them.",
  declined: 'The scrutineer does not agree:',
  declined_explain: 'Nothing has changed. Ask why, put it right, and ask again.',
  asks: 'The chair asks you to confirm',
  balance: (total) =>
    `Entitled ${total.entitled}, present ${total.present}. Issued ${total.issued}, returned ${total.returned}: ${total.valid} valid, ${total.invalid} invalid.`,
  reissued: (count) => ` Issued anew: ${count}.`,
  explain: {
    certificate: 'Compare them with what you witnessed: papers issued, sheets returned, sheets counted.',
    void: 'A void round does not count and does not come back; it can be held again as the next round.',
    publication: 'It is released to this audience as soon as you confirm.',
  },
  confirm: { certificate: 'The count is right', void: 'Agree: void', publication: 'Agree: publish' },
  decline: 'I do not agree',
  decline_hint: 'Then nothing changes, and the chair sees it.',
};

export const requestTexts: Bilingual<RequestTexts> = { zh, en };
