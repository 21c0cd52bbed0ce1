// What a shared tablet says to one person after the other. Both languages.
import type { Bilingual } from './language';

export interface KioskTexts {
  strip: string;
  leave: string;
  leave_ask: string;
  leave_yes: string;
  stay: string;
  closed: string;
  closed_line: string;
  warning: string;
  warning_line: (left_s: number) => string;
  thanks: string;
  thanks_line: string;
  next: string;
  window: string;
  button: string;
  explain: string;
  weaker: string;
}

const zh: KioskTexts = {
  strip: '共用平板',
  leave: '离开并清除',
  leave_ask: '还没有提交。清除后，这张纸条不能再用，要请主持人和监票人补发。确定离开吗？',
  leave_yes: '清除并离开',
  stay: '继续填写',
  closed: '现在不能测评',
  closed_line: '测评开始后，请在这里输入纸条号。',
  warning: '还在填写吗？',
  warning_line: (left_s) =>
    `${left_s} 秒后清除，换下一位。清除后，这张纸条不能再用，要请主持人和监票人补发。`,
  thanks: '谢谢，您的测评票已收到',
  thanks_line: '本机马上清除您的全部内容。请下一位。',
  next: '下一位',
  window: '共用平板',
  button: '共用平板…',
  explain:
    '没有手机的人可以轮流使用同一台平板：在平板上打开下面的地址。每人提交后自动清除，再输入下一张纸条。',
  weaker:
    '与自己的手机相比：空白票在坐下时才发出，几分钟后就投出，能实时看到服务器收发时间的人可能把两者联系起来；事后也不能在本机查证自己的票。共用平板的票计入手机票。',
};

const en: KioskTexts = {
  strip: 'Shared tablet',
  leave: 'Leave and erase',
  leave_ask:
    'Nothing was submitted. Once erased, this slip cannot be used again: chair and scrutineer would have to issue papers anew. Leave?',
  leave_yes: 'Erase and leave',
  stay: 'Go on',
  closed: 'No evaluation is open',
  closed_line: 'Once it is open, enter your slip here.',
  warning: 'Are you still there?',
  warning_line: (left_s) =>
    `In ${left_s} s this tablet forgets what you filled in. The slip cannot be used again then: chair and scrutineer would have to issue papers anew.`,
  thanks: 'Thank you, your ballot was received',
  thanks_line: 'This tablet erases all of it now. Next person, please.',
  next: 'Next person',
  window: 'Shared tablet',
  button: 'Shared tablet…',
  explain:
    'Voters without a phone can take turns at one tablet: open this address on it. After each ballot it forgets everything and asks for the next slip.',
  weaker:
    'Weaker than a phone of one’s own: blank papers are issued when a voter sits down and cast a few minutes later, so somebody who watches the server live may connect the two; and nobody can look for the own ballot afterwards. Its sheets count as those of phones.',
};

export const kioskTexts: Bilingual<KioskTexts> = { zh, en };
