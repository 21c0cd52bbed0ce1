// Slips that are replaced, as chair and teller read it, and what stands on a slip. Both languages.
import type { Bilingual } from './language';

export interface SlipsTexts {
  title: string;
  explain: string;
  left: (left: number) => string;
  replaced: (replaced: number) => string;
  open: string;
  window: (group: string) => string;
  warn: (left: number, group: string) => string;
  kept: string;
  nothing: string;
  replace: (left: number) => string;
  sending: string;
  undelivered: string;
  again: string;
  seatsFree: (free: number) => string;
  made: (count: number) => string;
  until: string;
  print: (count: number) => string;
  page: string;
  gone: string;
}

const zh: SlipsTexts = {
  title: '纸条',
  explain: '一盒纸条丢失或一页撕坏时，可为一个票种重新打印全部未用的纸条；旧的未用纸条随即作废。',
  left: (left) => `未用 ${left}`,
  replaced: (replaced) => `作废 ${replaced}`,
  open: '重新打印…',
  window: (group) => `重新打印纸条 · ${group}`,
  warn: (left, group) =>
    `${group}的 ${left} 张未用纸条立即作废，不能再用来入座，也不能恢复。请先收回已发给本人、还没有扫码的纸条。`,
  kept: '已经入座的人不受影响，不需要新纸条。新纸条的号码由本页面生成，服务器只收到摘要。',
  nothing: '这个票种没有未用的纸条。',
  replace: (left) => `作废旧纸条，生成 ${left} 张新纸条`,
  sending: '正在生成……',
  undelivered: '还不知道服务器是否收到。请再试一次：用的是同一批号码。',
  again: '再试一次',
  seatsFree: (free) => `刚才有人入座，现在未用的是 ${free} 张。什么都没有改变，请按新的张数再做一次。`,
  made: (count) => `已生成 ${count} 张新纸条，旧的未用纸条已作废。`,
  until: '关闭或刷新本页面之前，可以反复打印同一批纸条；之后只能重新生成。',
  print: (count) => `打印 ${count} 张新纸条`,
  page: '新纸条',
  gone: '没有可打印的新纸条：生成它们的页面已关闭或刷新。请在主持或计票页面重新生成。',
};

const en: SlipsTexts = {
  title: 'Slips',
  explain:
    'Where a box of slips is lost or a page is torn, print new ones for all that a group has left. The old unused ones are void from then on.',
  left: (left) => `${left} left`,
  replaced: (replaced) => `${replaced} void`,
  open: 'Print again…',
  window: (group) => `Print slips again · ${group}`,
  warn: (left, group) =>
    `The ${left} unused slips of ${group} are void at once: they open no seat any more, and cannot be brought back. First take back slips that were handed out and not scanned yet.`,
  kept: 'Whoever sits already is not affected and needs no new slip. The new codes are drawn on this page; the server is told hashes only.',
  nothing: 'This group has no slips left.',
  replace: (left) => `Void old slips, make ${left} new`,
  sending: 'Being made …',
  undelivered: 'It is not known whether the server got them. Try again: the codes are the same.',
  again: 'Try again',
  seatsFree: (free) =>
    `Somebody sat down a moment ago: ${free} slips are left now. Nothing was changed. Do it again with this number.`,
  made: (count) => `${count} new slips are made, and the old unused ones are void.`,
  until:
    'The same slips can be printed again until this page is closed or reloaded; afterwards only others can be made.',
  print: (count) => `Print ${count} new slips`,
  page: 'New slips',
  gone: 'There are no new slips to print: the page that made them was closed or reloaded. Make others on the page of chair or teller.',
};

export const slipsTexts: Bilingual<SlipsTexts> = { zh, en };

/** What each slip says in both languages, whoever prints it: the same as on the slips that were made with the meeting. */
export const SLIP_HELP = [
  '随机领取，一人一码；扫码，或在页面上输入此码。请勿转借。',
  'Drawn at random. Scan, or type the code.',
];
