// Moving papers to another window or phone: the few words that the phone's page holds, and the page itself, which is fetched.
import type { Bilingual } from './language';

export interface MovingTexts {
  /** The way to the page. */
  open: string;
  /** The lamp of a window that gave its papers up. */
  title: string;
  line: string;
}

export interface MovePageTexts {
  title: string;
  steps: string[];
  start: string;
  code: string;
  not_draft: string;
  secret: string;
  take_back: string;
  take_back_line: string;
  none: string;
  refused: string;
  refused_line: string;
}

const movingZh: MovingTexts = {
  open: '换一部手机或浏览器继续',
  title: '已交给另一个窗口',
  line: '请在那里填写和提交。',
};

const movingEn: MovingTexts = {
  open: 'Go on with another phone or browser',
  title: 'Handed to another window',
  line: 'Fill in and submit there.',
};

const pageZh: MovePageTexts = {
  title: '换一部手机或浏览器继续',
  steps: [
    '点下面的按钮，本窗口交出空白票，并显示一个二维码。',
    '用另一部手机扫码；或在同一部手机的另一个浏览器里打开扫到的地址。',
    '在那里填写并提交。只有一个窗口能投票。',
  ],
  start: '交出并显示二维码',
  code: '二维码：交给另一个窗口的空白票',
  not_draft: '已填的草稿不会带过去，请在那里重新填写。',
  secret: '谁扫到这个码，谁就能替您投票：不要让别人看到，也不要截图发送。它不经过服务器。',
  take_back: '收回，仍在本窗口投票',
  take_back_line: '如果另一个窗口已经投了票，本窗口就不能再投。',
  none: '只有领到空白票、还没有提交时，才能换窗口。截止以后不能换。',
  refused: '本窗口已有自己的座席',
  refused_line: '这里已经用另一个座席加入了本会议，不能再接收一份空白票。请换一部手机或浏览器扫码。',
};

const pageEn: MovePageTexts = {
  title: 'Go on with another phone or browser',
  steps: [
    'Press the button below: this window gives its blank papers up and shows a QR code.',
    'Scan it with the other phone, or open its address in the other browser.',
    'Fill in and submit there. Only one window can vote.',
  ],
  start: 'Give up and show the code',
  code: 'QR code: blank papers for the other window',
  not_draft: 'Your draft does not travel with them; please fill it in again there.',
  secret:
    'Whoever scans this code can vote in your place: let nobody see it, and do not send a picture of it. It does not pass through the server.',
  take_back: 'Take back, and vote here',
  take_back_line: 'Where the other window has voted already, this one cannot.',
  none: 'You can change only while you have blank papers that were not submitted, and not after the close.',
  refused: 'This window has a seat of its own',
  refused_line:
    'Somebody joined this meeting here with another seat, so it takes no further papers. Please scan with another phone or browser.',
};

export const movingTexts: Bilingual<MovingTexts> = { zh: movingZh, en: movingEn };

export const movePageTexts: Bilingual<MovePageTexts> = { zh: pageZh, en: pageEn };
