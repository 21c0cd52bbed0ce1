// What the chair asks the scrutineer to confirm in the states of a hall.
import type { ChannelAccount, CoSigned, RequestState, RequestView, RoundAccounts } from '#protocol';

export const CERTIFICATE: CoSigned = { what: 'certificate' };
export const PUBLICATION: CoSigned = { what: 'publication', publication: 'hall_grades' };
export const VOID: CoSigned = { what: 'void', reason: '会场停电，十余部手机未能提交' };
/** What the chair asks the scrutineer, with the accounts of the institute with three sheets of paper. */
export function asked(what: CoSigned, state: RequestState = 'waiting'): RequestView[] {
  const total = { group: '', entitled: 34, present: 33, issued: 33, returned: 33, valid: 32, invalid: 1, reissued: 1 };
  const on = { paper_issued: 3, paper_returned: 3, paper_invalid: 1, kiosk_issued: 0 };
  const channels: ChannelAccount[] = [
    { channel: 'phone', issued: 31, returned: 30, valid: 30, invalid: 0, kiosk_issued: 0 },
    { channel: 'paper', issued: 3, returned: 3, valid: 2, invalid: 1, kiosk_issued: 0 },
  ];
  const accounts: RoundAccounts = { round: 1, total: { ...total, ...on }, groups: [], channels, confirmed_at_ms: null };
  return [{ round: 1, number: 1, asked: what, state, accounts: what === VOID ? null : accounts }];
}
