// Erasing a meeting's people: the chair's button, its confirmation, and the sheet that is printed. Both languages.
import type { Bilingual } from './language';

export interface EraseTexts {
  title: string;
  explain: string;
  open: string;
  confirm_title: string;
  confirm: string[];
  hold: string;
  done: string;
  waits: (names: string) => string;
  server: string;
  print: string;
  form: string;
  what: string;
  where: string;
  count: string;
  intro: (title: string) => string;
  stays: string;
  outside: string;
  pending: string;
}

const zh: EraseTexts = {
  title: '销毁参会人数据',
  explain:
    '归档以后，可以销毁与参会人有关的一切：座席和名单、纸条、领票登记、会话、私钥。结果、测评记录和票保留。',
  open: '销毁…',
  confirm_title: '销毁参会人数据？',
  confirm: [
    '销毁：座席（含姓名）、一人一码纸条、手机凭证、领票登记、会话、私钥。',
    '保留：结果、测评记录、票（本来就不含姓名）、操作记录。测评记录仍可下载和核验。',
    '不能恢复。手机将不能再进入本会议。',
  ],
  hold: '销毁（按住 1 秒）',
  done: '参会人数据已经销毁。',
  waits: (names) => `还没有联系上：${names}。这些服务器下次启动时先销毁自己的副本，完成后显示在这里。`,
  server: '本服务器',
  print: '打印销毁清单',
  form: '参会人数据销毁清单',
  what: '内容',
  where: '位置',
  count: '数量',
  intro: (title) => `会议“${title}”归档后，下列数据已从服务器销毁：`,
  stays: '保留：结果、测评记录、票（不含姓名）、清单、操作记录、角色链接。',
  outside: '本清单不包括服务器以外的副本：例如磁盘备份、Redis 以前的快照、打印出来的名单。',
  pending: '尚未完成',
};

const en: EraseTexts = {
  title: 'Erase people',
  explain:
    'Once the meeting is archived, everything about its people can be destroyed: seats and names, slips, papers, sessions and private keys. Results, records and ballots stay.',
  open: 'Erase…',
  confirm_title: 'Erase the meeting’s people?',
  confirm: [
    'Destroyed: seats with their names, one-time slips, phones’ credentials, papers, sessions, private keys.',
    'Kept: results, records, ballots (which never had a name), the history. Records can still be downloaded and checked.',
    'This cannot be undone. Phones cannot come back into this meeting.',
  ],
  hold: 'Erase (hold for 1 s)',
  done: 'The meeting’s people are erased.',
  waits: (names) =>
    `Not reached yet: ${names}. Such a server destroys its copy when it is started again, and is then listed here.`,
  server: 'This server',
  print: 'Print what was destroyed',
  form: 'What was destroyed of the meeting’s people',
  what: 'What',
  where: 'Where',
  count: 'Number',
  intro: (title) => `After “${title}” was archived, the following was destroyed on the server:`,
  stays: 'Kept: results, records, ballots (without names), manifests, history, links of roles.',
  outside:
    'Copies outside the server are not covered: backups of its disk, earlier snapshots of Redis, printed lists.',
  pending: 'not done yet',
};

export const eraseTexts: Bilingual<EraseTexts> = { zh, en };
