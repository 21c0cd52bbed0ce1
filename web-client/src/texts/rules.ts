// What a phone says of the rules that it votes under: what to compare with the wall, and what to do where they differ. In papers.js.
import type { Both } from '../language';

export type RulesTexts = Record<
  | 'fingerprint'
  | 'fingerprint_hint'
  | 'box'
  | 'box_hint'
  | 'code'
  | 'code_hint'
  | 'same'
  | 'other_round'
  | 'wrong'
  | 'other_wall'
  | 'other_box'
  | 'unsigned'
  | 'fraud'
  | 'stop'
  | 'save',
  string
>;

const zh: RulesTexts = {
  fingerprint: '校验码',
  fingerprint_hint: '应与大屏一致；不一致请不要投票，告诉监票人。扫大屏上的校验二维码，手机会自动核对。',
  box: '票箱码',
  box_hint: '应与大屏一致，整场会议不变。',
  code: '本机的校验二维码',
  code_hint: '别的手机扫它，就能核对规则。',
  same: '✓ 规则与扫到的相同',
  other_round: '扫到的是第 {0} 轮的校验二维码。',
  wrong: '规则不可信！',
  other_wall: '扫到的二维码不是本场票箱签署的；如果只是扫错了，请重新打开本页。',
  other_box: '服务器换了票箱。',
  unsigned: '服务器给出的规则没有票箱的签名。',
  fraud: '同一票箱为第 {0} 轮签署了两份不同的规则，请先保存证据（不含您填写的内容）。',
  stop: '本机已停止投票：请不要投票，马上带手机找监票人。',
  save: '保存证据',
};

const en: RulesTexts = {
  fingerprint: 'Fingerprint',
  fingerprint_hint:
    'Must equal the one on the big screen; if not, do not vote and tell the scrutineer. Scan the code there, and the phone compares.',
  box: 'Box',
  box_hint: 'Must equal the one on the big screen, all the time.',
  code: 'The code of this phone’s rules',
  code_hint: 'Another phone that scans it compares the rules.',
  same: '✓ The same rules as in the code that was scanned',
  other_round: 'The code that was scanned is of round {0}.',
  wrong: 'Do not trust these rules!',
  other_wall:
    'The code that was scanned is not signed by this meeting’s box; if it was another code, open this page again.',
  other_box: 'The server shows another box than before.',
  unsigned: 'The rules that the server shows are not signed by the box.',
  fraud:
    'One box signed two sets of rules for round {0}. Save the proof first; nothing of what you filled in is in it.',
  stop: 'This phone has stopped: do not vote, go to the scrutineer.',
  save: 'Save the proof',
};

export const rulesTexts: Both<RulesTexts> = { zh, en };
