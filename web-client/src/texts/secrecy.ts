// The page "How secret is this?": what is promised, how it works, what is not protected; in plain words.
import type { Bilingual } from './language';

export interface SecrecyTexts {
  title: string;
  promise: string;
  how_title: string;
  how: string[];
  not_title: string;
  not: string[];
  /** Said where a meeting shows figures of groups below five. */
  small: string;
  /** Said where a live tally moves in steps of one. */
  open_tally: string;
}

const zh: SecrecyTexts = {
  title: '怎样保密',
  promise:
    '谁也看不到您怎么填的：主持人看不到，管理这台服务器的人看不到，复制硬盘的人也看不到。您可以查证自己的票已经计入。',
  how_title: '怎么做到的',
  how: [
    '测评开始前，服务器隔着“信封”给每部手机的空白票盖章。它知道发给了谁，但看不到信封里的票。',
    '您在手机上填写，草稿只存在手机里。',
    '提交时，票不带姓名、不带登录信息，直接投进票箱。票箱只验章，不知道是谁投的。',
    '会场网络不加密时，票、回执、纸条和链接都封在信封里传送，长短一样：偷听的人读不到，也冒充不了别人。',
    '表上每一行都是一张独立的票，互相连不起来，所以整张表的填法也认不出人。',
    '票在票箱里随机存放，不记时间和先后，截止后才一起打开。',
    '本人所在党组织不发票，所以也不会因为“空着哪一行”认出您。',
    '监票人随时看得到服务器保存了哪些内容。归档后，主持人可以销毁座席、纸条和领票登记。',
    '测评规则有校验码和二维码：扫大屏上的二维码，手机就核对自己的规则与会场是否相同；不同就停止投票，并留下证据。',
    '人数太少的票种不单独公布。大屏上的实时票数成批变动，看不出最后一票是谁的。',
    '结果公布后，手机自己取来全部票的摘要，查证您的票在里面，然后删掉密钥和所填内容。',
  ],
  not_title: '没有保护到的',
  not: [
    '管理者提供了被改动的网页，或者改动了服务器程序。',
    '管理者当场监看带地址和时间的网络数据：看不到您怎么填，但可以看出哪个地址在何时提交。',
    '在普通 http 的会场网络里，主动攻击的人可以把网页换掉；只是偷听的人做不到。',
    '有人录下会场的网络数据，事后又盗得服务器的密钥：可以看出谁入了座，但看不到怎么填。',
    '公开完整记录的会议里，您保存下来的证明也能让别人相信您投了什么：不要交给任何人。',
    '用名单入场的会议，应到人员的姓名是公开的；由票数还可以算出有几位书记的所在支部没有发票。',
    '手机中了病毒，或在其他应用内打开的网页被该应用窥看。',
    '一个票种全体意见一致，或除一人外全部串通。',
    '旁人从肩后偷看。',
    '管理者用有资格但没人领取的票冒投：核对人数可以发现。',
    '一张票被漏掉，而投票人的手机从未查证。',
    '您把换手机用的二维码给别人看：谁扫到，谁就能替您投票。',
    '凭二维码自由加入的会议，一个人用几部手机。',
    '意见建议里的写作风格。',
  ],
  small: '本会议人数较少：达到 {0} 票的票种就会单独显示数字，保密性因此降低。',
  open_tally: '本会议的实时票数逐票变动，不对大屏前的人保密。',
};

const en: SecrecyTexts = {
  title: 'How secret is this?',
  promise:
    'Nobody can see what you marked: not the chair, not the people who run this server, not someone who copies its disk. You can check that your ballot was counted.',
  how_title: 'How it works',
  how: [
    'Before the evaluation the server stamps blank ballots for each phone through a sealed envelope. It knows who got one, but never sees the ballot inside.',
    'You fill in your sheet on your phone; drafts stay there.',
    'Your ballots go into the box without name or login. The box checks the stamp and does not know who sends.',
    'Where the hall’s network is not encrypted, ballots, receipts, slips and links travel sealed and of one length: who listens reads none of them, and cannot act for anybody.',
    'Every row is a ballot of its own. Rows cannot be joined again, so a pattern of marks names nobody.',
    'Ballots lie in the box at random, without time or order, and are opened together after the close.',
    'No ballot is issued for your own branch, so no empty row gives you away.',
    'The scrutineer sees at any moment what the server keeps. After the archive the chair can destroy seats, slips and papers.',
    'The rules have letters and a code: a phone that scans the big screen checks that its rules are those of the hall, or stops and keeps the proof.',
    'Groups that are too small are not shown. The live tally moves in batches, so the last vote cannot be seen.',
    'After publication your phone fetches the list of all ballots, checks that yours are in it, and deletes keys and marks.',
  ],
  not_title: 'What is not protected',
  not: [
    'An operator who serves altered pages or changes the server.',
    'An operator who watches live packets: no mark is seen, but which address submits, and when.',
    'On plain http in the hall, an active attacker can put another page in place of ours; who only listens cannot.',
    'Somebody who records the hall’s network and steals the server’s secret later: who took a seat is seen, but no mark.',
    'Where the whole record is public, the proof that you keep convinces others too of what you cast: give it to nobody.',
    'Where people find their names in a list, the list is public; and the counts tell how many secretaries had no paper for their own branch.',
    'A phone with malware, or an app that watches the pages opened inside it.',
    'A group that is unanimous, or in which all but one work together.',
    'Somebody who looks over your shoulder.',
    'Papers that were eligible, but not claimed, and that the operator casts: head counts show it.',
    'A ballot that was left out, and whose voter’s phone never checks.',
    'The code by which you change phones, shown to somebody else: whoever scans it can vote in your place.',
    'One person with several phones, where anyone with the QR code may join.',
    'Your style of writing in opinions.',
  ],
  small: 'This meeting is small: groups are shown from {0} ballots on, which weakens the secret.',
  open_tally: 'This meeting shows each vote as it arrives: its live tally is not secret.',
};

export const secrecyTexts: Bilingual<SecrecyTexts> = { zh, en };
