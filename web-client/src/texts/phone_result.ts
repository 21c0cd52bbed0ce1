// What the phone says of a result. In later.js, which draws it: the phone's own page has no room.
import type { Bilingual } from './language';

export type PhoneResultTexts = Record<
  'result' | 'rank' | 'total' | 'suggested' | 'not_final' | 'abstained' | 'turnout' | 'rules' | 'votes',
  string
>;

const zh: PhoneResultTexts = {
  result: '测评结果',
  rank: '第 {0} 位',
  total: '综合 {0}，第 {1} 位',
  suggested: '建议等次',
  not_final: '建议等次不是最终等次，最终等次由有关会议研究确定。',
  abstained: '弃权',
  turnout: '发出 {1} 张，收回 {0} 张，有效 {2} 张',
  rules: '计票规则',
  votes: '{0} 票',
};

const en: PhoneResultTexts = {
  result: 'Result',
  rank: 'Rank {0}',
  total: 'Total {0}, rank {1}',
  suggested: 'Suggested grade',
  not_final: 'A suggested grade is not final: the committee decides later.',
  abstained: 'Abstained',
  turnout: '{1} issued, {0} returned, {2} valid',
  rules: 'Counting rules',
  votes: '{0}',
};

export const phoneResultTexts: Bilingual<PhoneResultTexts> = { zh, en };
