// What the scrutineer's page says of the records that it counts by itself, in both languages.
import type { Bilingual } from './language';

const zh = {
  counting: (done: number, of: number) =>
    of > 0
      ? `本页正在用完整记录重新计票：${done} / ${of} 张票。算完才能同意公布。`
      : '本页正在取完整记录，重新计票后才能同意公布。',
  one_count: '本页已重新计票：将公布的记录与完整记录是同一次计票。',
  one_count_withheld: '本页已重新计票：将公布的记录不含计票数字，其中的票与完整记录相同。',
  letters: '记录码',
  breaks: '核对不符，不能公布。请不要同意，马上当面告诉主持人。',
  no_record: '取不到两份记录，没有核对，还不能同意公布。',
  again: '再取一次',
  as_checked: '公布的正是本页核对过的记录。',
  another: '公布的不是本页核对过的记录！请马上告诉主持人，不要宣读结果。',
};

export type CheckTexts = typeof zh;

const en: CheckTexts = {
  counting: (done, of) =>
    of > 0
      ? `This page counts the whole record again: ${done} of ${of} ballots. After that you can agree.`
      : 'This page fetches the whole record and counts it again; after that you can agree.',
  one_count: 'Counted again on this page: what would be published is one count with the whole record.',
  one_count_withheld:
    'Counted again on this page: what would be published tells no figure, and its ballots are those of the whole record.',
  letters: 'Record',
  breaks: 'The records do not agree, so this cannot be published. Do not agree, and tell the chair at once.',
  no_record: 'The records could not be fetched: nothing was checked, and you cannot agree yet.',
  again: 'Fetch them again',
  as_checked: 'What was published is the record that this page checked.',
  another:
    'What was published is not the record that this page checked! Tell the chair at once, before any result is read out.',
};

export const checkTexts: Bilingual<CheckTexts> = { zh, en };
