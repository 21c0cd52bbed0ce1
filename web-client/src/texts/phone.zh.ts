// Every sentence of the phone but problems and the page about secrecy. `{0}`, `{1}` … stand for what comes in; where a
// figure changes the sentence, the one for exactly 1 stands before a `|`.
export interface OwnTexts {
  product: string;
  other_language: string;
  text_size: string;
  text_sizes: [string, string, string];
  how_secret: string;
  back: string;
  close: string;
  connecting: string;

  join: string;
  joining: string;
  choose_meeting: string;
  no_meeting: string;
  look_again: string;
  slip_code: string;
  slip_hint: string;
  slip_incomplete: string;
  your_name: string;
  name_hint: string;
  no_such_name: string;
  more_names: string;
  somebody_else: string;
  personal_code: string;
  personal_code_hint: string;
  your_group: string;
  open_hint: string;
  which_branch: string;
  which_branch_hint: string;
  none_of_them: string;
  you_chose: string;
  yes_join: string;
  choose_again: string;
  not_yet_open: string;

  your_seat: string;
  own_branch: string;
  turn_of: string;
  in_writing: string;
  read_report: string;
  report_comes: string;
  absent: string;
  before_first: string;
  step_of_all: string;
  time_limit: string;
  time_left: string;
  time_over: string;
  paused: string;
  agenda: string;
  done: string;
  current: string;

  sheet: string;
  fill_sheet: string;
  see_sheet: string;
  go_submit: string;
  draft_hint: string;
  draft_hint_open: string;
  rows_left: string;
  all_marked: string;
  all_marked_wait: string;
  review: string;
  clear: string;
  clear_of: string;
  own_branch_absent: string;
  blank_means_abstain: string;
  marked: string;
  reporting_now: string;

  rule_all_rows: string;
  rule_distinct_min: string;
  rule_top_max: string;
  rule_low_min: string;
  rule_worst_reason: string;
  rule_whole_rows: string;
  rule_overall_matches: string;

  review_title: string;
  review_hint: string;
  blank: string;
  confirm_blank: string;
  change: string;
  confirm: string;
  confirm_waits: string;
  tick_first: string;

  lamp: Record<'waiting' | 'open' | 'sending' | 'unconfirmed' | 'received', string>;
  lamp_line: Record<'waiting' | 'getting' | 'armed' | 'open' | 'closing' | 'sending' | 'unconfirmed', string>;
  received_at: string;
  receipt: string;
  receipt_hint: string;
  missed: string;
  missed_line: string;
  lost: Record<'closed' | 'conflict' | 'bad' | 'sealed', string>;
  lost_line: Record<'closed' | 'conflict' | 'bad' | 'sealed', string>;
  void_round: string;
  void_line: string;
  closed_line: string;
  closes_in: string;
  no_papers: string;
  stopped: string;
  wrong_fingerprint: string;

  offline: string;
  unreachable: string;
  sockets_blocked: string;
  forgets: string;
  in_app: string;
  in_app_short: string;
  replaced: string;
  old_page: string;
  reload: string;
  join_again: string;
  other_window: string;
  other_window_line: string;
  continue_here: string;
  meeting_over: string;
  meeting_over_line: string;
}

export const phoneZh: OwnTexts = {
  product: '评议',
  other_language: 'English',
  text_size: '字号',
  text_sizes: ['标准', '大', '特大'],
  how_secret: '怎样保密',
  back: '返回',
  close: '关闭',
  connecting: '正在连接会场……',

  join: '加入会议',
  joining: '正在加入……',
  choose_meeting: '请选择您参加的会议',
  no_meeting: '目前没有可以加入的会议。请等签到开始，或重新扫描现场的二维码。',
  look_again: '再看一次',
  slip_code: '纸条上的编码',
  slip_hint: '十位字母和数字，大小写均可',
  slip_incomplete: '编码应为十位字母和数字，请对照纸条补全。',
  your_name: '您的姓名',
  name_hint: '输入姓名中的一两个字',
  no_such_name: '名册里没有这个名字，请核对，或找计票人。',
  more_names: '名单较长，请再输入一个字。',
  somebody_else: '不是我，重新选择',
  personal_code: '个人编码',
  personal_code_hint: '会前发给您的六位数字',
  your_group: '您属于哪一类测评人？',
  open_hint: '凭现场二维码加入时，一个人可能用两部手机各投一次。请每人只用一部手机。',
  which_branch: '您是哪个党组织的负责人？',
  which_branch_hint: '本人所在党组织不发票（回避）。请如实选择，确认后不能更改。',
  none_of_them: '都不是',
  you_chose: '您选择的是',
  yes_join: '对，加入会议',
  choose_again: '不对，重新选择',
  not_yet_open: '签到尚未开始，请稍候。本页会自动更新。',

  your_seat: '您的票种：{0}',
  own_branch: '回避：{0}',
  turn_of: '第 {0} 位 · 共 {1} 位',
  in_writing: '书面述职',
  read_report: '阅读述职报告',
  report_comes: '正在取述职报告……',
  absent: '缺席',
  before_first: '请在会场就座，等待会议开始',
  step_of_all: '全体',
  time_limit: '限时 {0} 分钟',
  time_left: '剩余时间',
  time_over: '已超时',
  paused: '计时暂停',
  agenda: '会议议程',
  done: '已完成',
  current: '进行中',

  sheet: '测评表',
  fill_sheet: '填写测评表',
  see_sheet: '查看测评表',
  go_submit: '测评已开始，去提交',
  draft_hint: '边听边填。这是草稿，只保存在您的手机上，测评开始后统一提交。',
  draft_hint_open: '测评已开始。填好后核对并提交；提交前都可以修改。',
  rows_left: '还有 {0} 项待填',
  all_marked: '已填完，核对并提交',
  all_marked_wait: '已填完，等待测评开始',
  review: '核对并提交',
  clear: '清除',
  clear_of: '清除{0}的选择',
  own_branch_absent: '您所在的{0}不在表上（回避）。',
  blank_means_abstain: '还有 {0} 项未评，提交后按弃权计。',
  marked: '{0}：{1}',
  reporting_now: '正在述职',

  rule_all_rows: '每一项都要评：已评 {0} 项，共 {1} 项',
  rule_distinct_min: '至少用 {1} 个不同等次：已用 {0} 个',
  rule_top_max: '最高等次最多 {1} 项：已选 {0} 项',
  rule_low_min: '较低等次至少 {1} 项：已选 {0} 项',
  rule_worst_reason: '评最低等次要写理由：还差 {0} 项',
  rule_whole_rows: '每行的指标要么全填，要么全空：未填完 {0} 行',
  rule_overall_matches: '总体评价要与各项指标相符：不符 {0} 行',

  review_title: '核对',
  review_hint: '请逐项核对。确认后投入票箱，不能更改。',
  blank: '弃权',
  confirm_blank: '我知道有 {0} 项没有评，按弃权计',
  change: '返回修改',
  confirm: '确认投票',
  confirm_waits: '等待测评开始',
  tick_first: '请先勾选弃权',

  lamp: {
    waiting: '等待',
    open: '可以投票',
    sending: '正在投出',
    unconfirmed: '尚未确认',
    received: '已投入票箱',
  },
  lamp_line: {
    waiting: '测评尚未开始。您可以先填写草稿。',
    getting: '正在领取测评票，请稍候。',
    armed: '测评票已领到，等待主持人宣布开始。',
    open: '请填写测评表，核对后提交。',
    closing: '即将截止，请马上提交。',
    sending: '正在送往票箱，请稍候。',
    unconfirmed: '还没有收到票箱的回执，正在自动重发同一张票，不会重复计票。请保持本页打开。',
  },
  received_at: '{0} 收到',
  receipt: '回执',
  receipt_hint: '回执只证明票已收到，不含您填写的内容。',
  missed: '本轮已截止',
  missed_line: '您没有在截止前提交，本轮没有您的票。',
  lost: { closed: '没有赶上', conflict: '没有投入', bad: '没有投入', sealed: '未能确认' },
  lost_line: {
    closed: '票送到时票箱已经关闭，本轮没有您的票。请告诉计票人。',
    conflict: '这张票已经以另一份内容投过，请马上找监票人。',
    bad: '票箱没有接受这张票，请马上找监票人。',
    sealed: '本轮已计票，票箱已封存。这张票是否计入，请看公开记录或询问监票人。',
  },
  void_round: '本轮作废',
  void_line: '原因：{0}。您的草稿仍保留在手机上，请等待重新测评。',
  closed_line: '票箱已关闭，正在计票。',
  closes_in: '{0} 秒后截止',
  no_papers: '没有领到测评票',
  stopped: '本机已停止',
  wrong_fingerprint: '测评规则有疑问。请不要投票，并告诉监票人。',

  offline: '手机没有联网。请打开 Wi-Fi，连接会场网络。',
  unreachable: '暂时连不上服务器，正在自动重连。草稿和票都保存在手机上。',
  sockets_blocked: '网络不允许长连接，已改用普通请求，不影响投票。',
  forgets: '浏览器不保存数据（无痕模式）。请一直停留在本窗口，不要刷新；最好换普通窗口重新扫码。',
  in_app: '您在其他应用内打开了本页。建议点右上角“…”，选择“在浏览器打开”，以免切换应用后丢失。',
  in_app_short: '建议在浏览器中打开',
  replaced: '这个座席又在别的窗口打开了，本页已停止更新。',
  old_page: '本页版本已旧，请刷新。',
  reload: '刷新',
  join_again: '重新加入',
  other_window: '本页已在另一个窗口打开',
  other_window_line: '为避免重复投票，同一部手机只有一个窗口有效。',
  continue_here: '在此窗口继续',
  meeting_over: '会议已结束',
  meeting_over_line: '感谢您的参与。可以关闭本页。',
};
