// What a phone says of the rules that it votes under: what to compare with the wall, and what to do where they differ. In later.js.
import type { Bilingual } from './language';

export type RulesTexts = Record<
  | 'fingerprint'
  | 'fingerprint_hint'
  | 'box'
  | 'box_hint'
  | 'code'
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
  fingerprint_hint: '应与大屏一致：用相机扫大屏上的二维码，手机会自动核对。不一致请不要投票，告诉监票人。',
  box: '票箱码',
  box_hint: '应与大屏一致。',
  code: '本机的校验二维码，供别的手机核对',
  same: '✓ 已核对：与扫到的规则完全相同',
  other_round: '扫到的是第 {0} 轮的校验二维码。',
  wrong: '规则不可信！',
  other_wall: '扫到的二维码不是本场票箱签署的；如果只是扫错了，请关闭本页再打开。',
  other_box: '票箱不是本机最初看到的那个。',
  unsigned: '规则没有票箱的签名。',
  fraud: '同一票箱为第 {0} 轮签署了两份规则。请先保存证据（不含您填写的内容）。',
  stop: '本机已停止投票，请马上带手机找监票人。',
  save: '保存证据',
};

const en: RulesTexts = {
  fingerprint: 'Fingerprint',
  fingerprint_hint:
    'Must equal the one on the big screen: scan its code, and the phone compares them. If not, do not vote, and tell the scrutineer.',
  box: 'Box',
  box_hint: 'Must equal the one on the big screen.',
  code: 'The code of this phone’s rules, for another phone',
  same: '✓ Compared: the same rules as in the code that was scanned',
  other_round: 'The code that was scanned is that of round {0}.',
  wrong: 'Do not trust these rules!',
  other_wall:
    'The code that was scanned is not signed by this meeting’s box; if it was just another code, close this page and open it again.',
  other_box: 'This is not the box that this phone saw first.',
  unsigned: 'The box did not sign these rules.',
  fraud:
    'One box signed two sets of rules for round {0}. Save the proof first; nothing of what you filled in is in it.',
  stop: 'This phone has stopped: go to the scrutineer with it.',
  save: 'Save the proof',
};

export const rulesTexts: Bilingual<RulesTexts> = { zh, en };
