// One sentence for every way in which a meeting says no to the chair: why, and what to do instead.
import type { Both } from '../language';
import type { Refusal } from '../protocol';

export const refusals: Both<Record<Refusal, string>> = {
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
    out_of_range: '文字或数字超出范围，请修改后再试。',
    limit_is_reached: '议程或轮次数量已达上限，请先删除不需要的环节。',
    accounts_do_not_close: '发出、收回、有效、无效数不平衡，请与计票人核对后再确认。',
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
    out_of_range: 'A text or a number is out of its range. Change it and try again.',
    limit_is_reached: 'The agenda, or the list of rounds, is full. Remove a step first.',
    accounts_do_not_close:
      'Issued, returned, valid and invalid do not add up. Check with the tellers before you confirm.',
  },
};
