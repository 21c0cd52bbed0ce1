// What the chair asks the scrutineer to confirm in the states of a hall.
export const CERTIFICATE = { what: 'certificate' };
export const PUBLICATION = { what: 'publication', publication: 'hall_grades' };
export const VOID = { what: 'void', reason: '会场停电，十余部手机未能提交' };
/** What the chair asks the scrutineer, with the accounts of the institute with three sheets of paper. */
export function asked(what, state = 'waiting') {
  const total = { group: '', entitled: 34, present: 33, issued: 33, returned: 33, valid: 32, invalid: 1, reissued: 1 };
  const on = { paper_issued: 3, paper_returned: 3, paper_invalid: 1, kiosk_issued: 0 };
  const channels = [
    { channel: 'phone', issued: 31, returned: 30, valid: 30, invalid: 0, kiosk_issued: 0 },
    { channel: 'paper', issued: 3, returned: 3, valid: 2, invalid: 1, kiosk_issued: 0 },
  ];
  const accounts = { round: 1, total: { ...total, ...on }, groups: [], channels, confirmed_at_ms: null };
  return [{ round: 1, number: 1, asked: what, state, accounts: what === VOID ? null : accounts }];
}
