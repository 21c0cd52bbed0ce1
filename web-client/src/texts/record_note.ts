// What a phone says of its ballots in the public record. In later.js, which looks for them: the phone's own page has no room.
import type { Bilingual } from './language';

export type RecordNoteTexts = Record<
  | 'title'
  | 'waiting'
  | 'looking'
  | 'not_yet'
  | 'look_now'
  | 'found'
  | 'found_line'
  | 'not_in'
  | 'not_in_line'
  | 'missing'
  | 'missing_line'
  | 'forged'
  | 'forged_line'
  | 'save_proof'
  | 'proof_hint',
  string
>;

const zh: RecordNoteTexts = {
  title: '查证选票',
  waiting: '结果已公布。几分钟内，手机会自动查证您的选票是否在公开记录中。',
  looking: '正在查证……',
  not_yet: '公开记录还没有发布，发布后自动查证。',
  look_now: '马上查证',
  found: '您的选票已在公开记录中',
  found_line: '共 {0} 项，都已计入。记录码 {1}，应与大屏一致。手机上的密钥和答案已删除。',
  not_in: '您的选票没有赶上',
  not_in_line: '票送到时本轮已经计票，公开记录里没有您的票，本轮没有计入。请告诉计票人。',
  missing: '您的选票不在公开记录中！',
  missing_line:
    '票箱收下了您的 {1} 张票，公开记录里少了 {0} 张。请不要关闭本页：先保存凭证，再马上带手机找监票人。',
  forged: '公开记录不可信！',
  forged_line: '服务器给出的记录与票箱的签名不符。请不要关闭本页：先保存凭证，再马上带手机找监票人。',
  save_proof: '保存凭证',
  proof_hint: '凭证证明票箱收下了您的票；与公开记录对照也能看出您怎么填的，请不要交给别人。',
};

const en: RecordNoteTexts = {
  title: 'Your ballots in the record',
  waiting: 'The result is out. Within minutes this phone looks for your ballots in the public record.',
  looking: 'Looking…',
  not_yet: 'The public record is not out yet; this phone looks by itself.',
  look_now: 'Look now',
  found: 'Your ballots are in the record',
  found_line:
    '1 row, counted. Record {1}: compare it with the big screen. Keys and answers are deleted from this phone.|All {0} rows, counted. Record {1}: compare it with the big screen. Keys and answers are deleted from this phone.',
  not_in: 'Your ballot came too late',
  not_in_line:
    'The round was counted before your ballot arrived. It is not in the public record and was not counted. Please tell the teller.',
  missing: 'Your ballot is not in the record!',
  missing_line:
    'The box took {1} ballots of yours; {0} of them are missing in the public record. Do not close this page: save the proof, then go to the scrutineer with this phone.',
  forged: 'The record cannot be trusted!',
  forged_line:
    'What the server gave does not fit the box’s signature. Do not close this page: save the proof, then go to the scrutineer with this phone.',
  save_proof: 'Save a proof',
  proof_hint:
    'It proves that the box took your ballots. With the public record it also shows how you voted: give it to nobody.',
};

export const recordNoteTexts: Bilingual<RecordNoteTexts> = { zh, en };
