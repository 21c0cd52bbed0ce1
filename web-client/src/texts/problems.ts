// One sentence for everything that can go wrong on the wire: what happened and what to do now.

import type { ProblemKind } from '../protocol';
import type { Bilingual } from './language';

type ProblemTexts = Record<ProblemKind, string>;

/** What a phone never meets, or deals with itself. */
type Elsewhere =
  | 'refused'
  | 'round_is_counted'
  | 'no_papers_now'
  | 'not_anonymous'
  | 'too_large'
  | 'nothing_to_export'
  | 'not_yet_closed';

/** What a phone may have to say. */
export type PhoneProblemTexts = Omit<ProblemTexts, Elsewhere>;

const phoneZh: PhoneProblemTexts = {
  unknown_meeting: '没有找到这场会议，请重新扫描现场的二维码。',
  unknown_slip: '没有这个编码，请对照纸条逐字核对后重新输入。',
  used_slip: '这张纸条已在另一部手机上使用，请找计票人换一张。',
  wrong_code: '姓名找到了，但个人编码不对，请核对六位数字后重新输入。',
  seat_is_taken: '这个座席已在另一部手机上使用。如果不是您本人，请找计票人。',
  branch_is_taken: '已有人登记为这个党组织的负责人，请找计票人核实。',
  meeting_is_full: '座席已满，请找计票人。',
  not_yet_open: '签到尚未开始，请稍候再试。',
  meeting_is_over: '会议已经结束，不能再加入。',
  not_sealed: '本页的版本太旧，请刷新本页后再试。',
  stale: '设备的时间与服务器不一致，请刷新本页后再试。',
  other_key: '这个链接或二维码不是这台服务器的，请重新扫描现场的二维码，或找计票人。',
  unknown_session: '这部手机的登记已失效，请重新扫码或输入编码。',
  not_allowed: '您的身份不能做这一步，请找计票人或主持人。',
  other_papers: '这个座席已在别处领过测评票。请回到原来的浏览器窗口；若已找不到，请找监票人。',
  bad_ballot: '测评票未被接受，请刷新本页；若仍不行，请找计票人。',
  bad_message: '服务器读不懂这条消息，请刷新本页后再试。',
  slow_down: '尝试次数太多，请稍等片刻再试。',
  try_again: '服务器暂时不能回答，正在自动重试，请不要关闭本页。',
  not_found: '没有找到，请重新扫描现场的二维码。',
};

const zh: ProblemTexts = {
  ...phoneZh,
  refused: '会议当前状态不允许这一步，请看大屏或听主持人安排。',
  round_is_counted: '这一轮已经计票，这张票是否计入，请看公开记录或询问监票人。',
  no_papers_now: '现在不发测评票，请等待下一轮。',
  not_anonymous: '浏览器附带了身份信息，票箱没有接受。请换一个浏览器打开本页。',
  too_large: '内容太长，请缩短后再试。',
  nothing_to_export: '还没有可以导出的结果：公布之后再试。',
  not_yet_closed: '散会之后才能下载会议档案。',
};

const phoneEn: PhoneProblemTexts = {
  unknown_meeting: 'There is no such meeting. Please scan the QR code in the hall again.',
  unknown_slip: 'No slip has this code. Please compare it with the slip, letter by letter.',
  used_slip: 'Another phone has used this slip. Please ask the teller for a new one.',
  wrong_code: 'The name is right, the personal code is not. Please check the six digits.',
  seat_is_taken: 'Another phone sits on this seat. If that was not you, go to the teller.',
  branch_is_taken: 'Somebody else registered as leader of this branch. Please go to the teller.',
  meeting_is_full: 'Every seat is taken. Please go to the teller.',
  not_yet_open: 'Check-in has not begun. Please try again in a moment.',
  meeting_is_over: 'The meeting is over; nobody can join any more.',
  not_sealed: 'This page is of an older version. Please reload it and try again.',
  stale: 'The time of this device differs from the server’s. Please reload this page and try again.',
  other_key:
    'This link or code is not of this server. Please scan the code in the hall again, or ask the teller.',
  unknown_session: 'This phone is no longer registered. Please scan the code or enter your slip again.',
  not_allowed: 'Your role may not do this. Please ask the teller or the chair.',
  other_papers:
    'Ballots were handed out for this seat before. Go back to the first browser window, or ask the scrutineer.',
  bad_ballot: 'The ballot was not accepted. Please reload this page; if that fails, ask the teller.',
  bad_message: 'The server cannot read this message. Please reload this page and try again.',
  slow_down: 'Too many attempts. Please wait a moment and try again.',
  try_again: 'The server cannot answer right now. Trying again by itself; please keep this page open.',
  not_found: 'Not found. Please scan the QR code in the hall again.',
};

const en: ProblemTexts = {
  ...phoneEn,
  refused: 'The meeting does not allow this now. Please follow the big screen or the chair.',
  round_is_counted:
    'This round was counted. The public record or the scrutineer tells whether this ballot is in it.',
  no_papers_now: 'No ballots are handed out now. Please wait for the next round.',
  not_anonymous: 'Your browser added an identity, so the box refused. Please use another browser.',
  too_large: 'This is too long. Please make it shorter and try again.',
  nothing_to_export: 'There is no result to export yet. Try again once it is published.',
  not_yet_closed: 'The archive is made once the meeting is closed.',
};

/** What a phone says of problems. */
export const phoneProblemTexts: Bilingual<PhoneProblemTexts> = { zh: phoneZh, en: phoneEn };

export const problemTexts: Bilingual<ProblemTexts> = { zh, en };
