// What a server keeps, kind by kind, in both languages: what each holds, and why it cannot join a seat and a mark. Shown to the
// scrutineer, and printed when people are erased.

import type { InventoryKind, InventoryPlace } from '../protocol';
import type { Bilingual } from './language';

export interface KeptTexts {
  title: string;
  explain: string;
  every: string;
  failed: string;
  places: Record<InventoryPlace, string>;
  /** What it is; what it holds; whether it could join a seat and a mark, and why not. */
  kinds: Record<InventoryKind, { name: string; holds: string; joins: string }>;
  joins: string;
  unknown: string;
}

const zh: KeptTexts = {
  title: '服务器此刻保存的内容',
  explain:
    '服务器现场逐一查看自己的数据表、文件和键，不是凭记忆列出。只有“票”里有等次，只有“座席”“纸条”“领票”里有座席；没有一处同时有两者。',
  every: '每 5 秒查看一次',
  failed: '暂时没有取到，稍后自动重试。',
  places: { table: '数据表（行）', file: '文件（个）', redis: 'Redis 键（条）' },
  joins: '能否把座席和等次连起来：',
  unknown: '发现本程序不认识的内容。请立即询问管理服务器的人，在弄清之前不要确认计票。',
  kinds: {
    document: {
      name: '会议本身',
      holds: '议程、轮次、人数、结果、操作记录',
      joins: '不能：没有座席号，没有单张票。',
    },
    seats: { name: '座席', holds: '谁有权坐、是否有人坐', joins: '不能：不知道任何票。' },
    slips: { name: '纸条', holds: '一次性纸条的摘要', joins: '不能：只指向座席，不知道任何票。' },
    slip_series: {
      name: '纸条批次',
      holds: '各票种的未用纸条换过几次、作废多少张',
      joins: '不能：只有多少，没有谁。',
    },
    printed_slips: {
      name: '待打印的纸条',
      holds: '首次启动时写给管理人员打印的纸条页，含纸条号码',
      joins: '不能：只指向座席，不知道任何票。打印后请删除。',
    },
    credentials: { name: '手机凭证', holds: '手机凭证的摘要', joins: '不能：投票时不发送凭证。' },
    papers: {
      name: '领票登记',
      holds: '哪个座席领过票；发票期间另有请求的摘要，截止后清零',
      joins: '不能：请求是盲化的，与投出的票没有共同的内容。',
    },
    links: { name: '角色链接', holds: '主持、计票、监票、大屏链接的摘要', joins: '不能：与投票人无关。' },
    sessions: { name: '角色会话', holds: '上述角色登录的摘要', joins: '不能：与投票人无关。' },
    counts: { name: '人数', holds: '各票种的实到、发出、收回数', joins: '不能：只有多少，没有谁。' },
    manifests: { name: '清单', holds: '每轮公开的规则和公钥', joins: '不能：开始之前就已固定。' },
    ballots: {
      name: '票箱',
      holds: '票和意见建议；位置随机，没有时间和先后。多台服务器时另有填充内容，使每一批看起来都一样',
      joins: '不能：没有座席、凭证和地址；票上的签名无法与领票请求对上。',
    },
    pool: {
      name: '实时票数',
      holds: '各等次已经计入和尚未计入大屏票数的数目',
      joins: '不能：只有多少，没有哪一张票。',
    },
    keys: {
      name: '私钥',
      holds: '盖章和开信封的私钥；截止后销毁盖章用的，散会后销毁开信封用的',
      joins: '不能：盖章时看不到票。',
    },
    server_secret: {
      name: '服务器密钥',
      holds: '给纸条号码的摘要加密用的密钥；没有它，拿到数据表也试不出纸条号码',
      joins: '不能：与任何票无关。',
    },
    notes: {
      name: '运行记号',
      holds: '目录格式、占用锁、服务器编号和进度',
      joins: '不能：没有座席，没有票。',
    },
    database: {
      name: '数据库文件',
      holds: '上面各数据表所在的文件及其日志',
      joins: '不能：只含上面的数据表。',
    },
    backup: {
      name: '升级前的备份',
      holds: '不含私钥的旧格式副本；销毁私钥时一并删除',
      joins: '不能：与原件相同。',
    },
    unknown: { name: '不认识', holds: '本程序不认识', joins: '不知道！' },
  },
};

const en: KeptTexts = {
  title: 'What the server keeps at this moment',
  explain:
    'The server looks through its tables, files and keys each time and lists what it finds. Only “Ballots” hold marks; only seats, slips and papers know seats. Nothing holds both.',
  every: 'Looked at every 5 seconds',
  failed: 'It did not come. Trying again by itself.',
  places: { table: 'Tables (rows)', file: 'Files', redis: 'Keys at Redis (entries)' },
  joins: 'Could it join a seat and a mark? ',
  unknown:
    'There is something that this program does not know. Ask whoever runs the server at once, and do not confirm the count before it is clear.',
  kinds: {
    document: {
      name: 'The meeting',
      holds: 'agenda, rounds, head counts, results, history',
      joins: 'No: it has no seat and no single ballot.',
    },
    seats: {
      name: 'Seats',
      holds: 'who may sit, and whether somebody does',
      joins: 'No: it knows no ballot.',
    },
    slips: {
      name: 'Slips',
      holds: 'hashes of one-time slips',
      joins: 'No: they lead to seats, never to a ballot.',
    },
    slip_series: {
      name: 'Series of slips',
      holds: 'how often the unused slips of each group were replaced, and how many of them',
      joins: 'No: how many, never who.',
    },
    printed_slips: {
      name: 'Slips to print',
      holds: 'the page of slips with their codes, written at the first start for the operator to print',
      joins: 'No: they lead to seats, never to a ballot. Delete it once it is printed.',
    },
    credentials: {
      name: 'Phones’ credentials',
      holds: 'hashes of them',
      joins: 'No: a cast carries no credential.',
    },
    papers: {
      name: 'Papers',
      holds: 'which seat has papers; while they are issued a digest of the request, zeroed at the close',
      joins: 'No: requests are blinded, and share nothing with a ballot.',
    },
    links: {
      name: 'Links of roles',
      holds: 'hashes of the links of chair, teller, scrutineer and projector',
      joins: 'No: they are not about voters.',
    },
    sessions: {
      name: 'Sessions of roles',
      holds: 'hashes of their sessions',
      joins: 'No: they are not about voters.',
    },
    counts: {
      name: 'Head counts',
      holds: 'present, issued and returned by group',
      joins: 'No: how many, never who.',
    },
    manifests: {
      name: 'Manifests',
      holds: 'the public rules and keys of each round',
      joins: 'No: they were fixed before the first ballot.',
    },
    ballots: {
      name: 'Ballots',
      holds:
        'ballots and opinions at random places, without time or order; where servers meet also fillers, so that each batch looks like any other',
      joins: 'No: no seat, credential or address; what signs a ballot fits no request for papers.',
    },
    pool: {
      name: 'Live tally',
      holds: 'how many of each mark the projector counts, and how many not yet',
      joins: 'No: how many, never which ballot.',
    },
    keys: {
      name: 'Private keys',
      holds:
        'those that stamp papers (destroyed at the close) and open envelopes (destroyed after the meeting)',
      joins: 'No: whoever stamps sees no ballot.',
    },
    server_secret: {
      name: 'The server’s secret',
      holds:
        'the key under which slips are hashed: without it a copied table tells no slip, however many are tried',
      joins: 'No: it has nothing to do with any ballot.',
    },
    notes: {
      name: 'Notes of the server',
      holds: 'the directory’s format and lock, ids and progress of servers',
      joins: 'No: no seat and no ballot.',
    },
    database: {
      name: 'Database',
      holds: 'the file of the tables above, and its journal',
      joins: 'No: it is those tables.',
    },
    backup: {
      name: 'Backup before an upgrade',
      holds: 'a copy in an older format without private keys; deleted when keys are destroyed',
      joins: 'No: as what it was copied from.',
    },
    unknown: { name: 'Not known', holds: 'nothing that this program knows', joins: 'Nobody can say!' },
  },
};

export const keptTexts: Bilingual<KeptTexts> = { zh, en };
