// One sentence for every way in which a meeting says no to the chair: why, and what to do instead.

import type { Refusal } from '../protocol';
import type { Bilingual } from './language';

export const refusalTexts: Bilingual<Record<Refusal, string>> = {
  zh: {
    wrong_phase: '会议当前阶段不能做这一步，请按主按钮的提示进行。',
    unknown_step: '议程里没有这一项，请刷新后重新选择。',
    step_is_not_current: '这一项不是当前环节，请先转到这一项。',
    step_is_fixed: '正在进行或已结束的环节不能移动或删除，请调整后面的环节。',
    step_has_no_timer: '这一环节没有计时。',
    unknown_round: '没有这一轮测评，请刷新后重新选择。',
    wrong_round_state: '这一轮测评的当前状态不能做这一步，请看轮次状态。',
    round_is_running: '测评正在进行，请先关闭投票。',
    keys_are_not_ready: '票的密钥还在准备，请等进度完成后再发票。',
    group_is_too_small: '有票种到会人数太少，不足以保密。请选择只公布合计，或等人到齐。',
    turnout_is_too_low: '到会人数未达到规定比例，请等人到齐，或改期举行。',
    undo_is_too_late: '三秒已过，不能撤回关闭。如需重来，请作废本轮后重新测评。',
    closing_is_not_over: '正在等待手机送达，请等倒计时结束。',
    unknown_subject: '没有这个被测评对象，请刷新后重新选择。',
    order_is_incomplete: '新的顺序必须恰好包含每一个环节，请重新排列。',
    unknown_form: '会议没有这张测评表，请刷新后重新选择。',
    out_of_range: '文字或数字超出范围，请修改后再试。',
    limit_is_reached: '议程或轮次数量已达上限，请先删除不需要的环节。',
    accounts_do_not_close: '发出、收回、有效、无效数不平衡，请与计票人核对后再确认。',
    too_much_paper: '纸质票加上手机票多于应到人数：请核对发出的张数，一人只能用一种方式。',
    paper_is_open: '还有纸质票没有由计票人和监票人一致录入，请先完成录入。',
    paper_does_not_add_up: '录入的纸质票数不平衡：每一行的票数之和应等于有效张数，请核对后再提交。',
    paper_recusal: '回避填得太多：每位书记只有一张票、一行回避，请核对后再提交。',
    paper_sheet_breaks_rule: '有一张纸质票不符合填写规则：请按无效票录入。',
    needs_both: '这一步须由主持人提请、监票人确认，请提请监票人。',
    request_is_another: '提请的内容已经改变，请看清现在的内容后再操作。',
    request_is_over: '这项提请已经确认、撤回或未获同意，请看最新的状态。',
    no_slips: '本次会议不用纸条入场，没有可重新打印的纸条。',
    slips_do_not_fit: '刚才有人入座，未用的纸条数变了。什么都没有改变，请按新的张数再做一次。',
    slips_are_another: '另一个页面刚刚重新打印了这个票种的纸条。什么都没有改变，请看最新的数字后再决定。',
    unknown_link: '没有这个编号的链接：请用 pingyi links 查看现有的链接。',
    too_many_links: '这个角色的链接已达上限：请先用 pingyi links 撤销一个。',
  },
  en: {
    wrong_phase: 'Not in this phase of the meeting. Follow the main button.',
    unknown_step: 'The agenda has no such step. Reload and choose again.',
    step_is_not_current: 'This step is not the current one. Go to it first.',
    step_is_fixed: 'A step that runs or is over cannot be moved or removed. Change the steps after it.',
    step_has_no_timer: 'This step has no timer.',
    unknown_round: 'There is no such round. Reload and choose again.',
    wrong_round_state: 'The round is not in a state that allows this. Look at the state of the round.',
    round_is_running: 'A round is running. Close it first.',
    keys_are_not_ready: 'The keys of the ballots are still being made. Wait until they are ready.',
    group_is_too_small:
      'A group has too few voters present to stay secret. Choose totals only, or wait for more voters.',
    turnout_is_too_low:
      'Fewer voters are present than the turnout rule asks for. Wait for them, or hold it another day.',
    undo_is_too_late: 'The three seconds are over. To start again, void this round and repeat it.',
    closing_is_not_over: 'Phones are still sending. Wait for the countdown to end.',
    unknown_subject: 'There is no such subject. Reload and choose again.',
    order_is_incomplete: 'The new order must name every step exactly once. Arrange it again.',
    unknown_form: 'The meeting has no such form. Reload and choose again.',
    out_of_range: 'A text or a number is out of its range. Change it and try again.',
    limit_is_reached: 'The agenda, or the list of rounds, is full. Remove a step first.',
    accounts_do_not_close:
      'Issued, returned, valid and invalid do not add up. Check with the tellers before you confirm.',
    too_much_paper:
      'Paper sheets and papers on phones are more than the voters entitled. Check how many were handed out: each person votes in one way.',
    paper_is_open: 'Some paper is not entered alike by teller and scrutineer yet. Finish that first.',
    paper_does_not_add_up:
      'The paper entry does not add up: every row must come to the number of valid sheets. Check it and send it again.',
    paper_recusal:
      'Too many own branches left out: each leader has one sheet with one such row. Check it and send it again.',
    paper_sheet_breaks_rule: 'A paper sheet breaks a rule of the sheet: enter it as an invalid one.',
    needs_both: 'Chair and scrutineer do this together. Ask the scrutineer.',
    request_is_another: 'Something else is asked for by now. Read it, then decide again.',
    request_is_over: 'This was confirmed, declined or taken back. Look at the latest state.',
    no_slips: 'Phones are not let in by slips in this meeting, so there are none to print again.',
    slips_do_not_fit:
      'Somebody sat down a moment ago, so another number of slips is left. Nothing was changed. Do it again with that number.',
    slips_are_another:
      'Another page printed new slips of this group a moment ago. Nothing was changed. Look at the numbers, then decide again.',
    unknown_link: 'There is no link with this id. List them with pingyi links.',
    too_many_links: 'This role has as many links as it may have. Withdraw one with pingyi links first.',
  },
};
