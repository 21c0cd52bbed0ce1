// The words of totals and of the components that they are made of: the chair's card and window, tables, forms. Both languages.
import type { Bilingual } from './language';

export interface ComponentsTexts {
  title: string;
  total: string;
  totalRank: string;
  adjustment: string;
  best: string;
  evaluation: string;
  /** As `40% 测评得分 + 60% 平时考核`. */
  share: (percent: string, name: string) => string;
  standing: (whole: number, all: number) => string;
  missing: (names: string) => string;
  closed: string;
  values: string;
  import: string;
  file: string;
  how: string;
  choose: string;
  looking: string;
  wrong: (count: number) => string;
  line: (line: number | null, message: string) => string;
  found: (rows: number) => string;
  gaps: (names: string) => string;
  none: string;
  replace: string;
  secret: string;
}

const zh: ComponentsTexts = {
  title: '综合得分的其他组成部分',
  total: '综合得分',
  totalRank: '综合位次',
  adjustment: '加减分',
  best: '等次上限',
  evaluation: '测评得分',
  share: (percent, name) => `${percent}% ${name}`,
  standing: (whole, all) => `${all} 个测评对象中，${whole} 个的数据齐全。`,
  missing: (names) => `缺数据、不出综合得分的：${names}。`,
  values: '现有数据',
  closed: '监票确认以后不能再导入。',
  import: '导入…',
  file: '下载表格（填好后再导入）',
  how: '选择填好的 CSV 或 xlsx 文件：每个测评对象一行，每个组成部分一列。先检查，确认后才生效。',
  choose: '选择文件',
  looking: '正在检查文件…',
  wrong: (count) => `文件有 ${count} 处要改；没有导入任何内容。`,
  line: (line, message) => (line === null ? message : `第 ${line} 行：${message}`),
  found: (rows) => `读到 ${rows} 行，没有发现错误。确认后替换本轮现有的数据。`,
  gaps: (names) => `没有数据的：${names}。这些对象将不出综合得分。`,
  none: '文件里没有本轮的测评对象。',
  replace: '确认导入',
  secret: '导入的分数在投票前不向投票人显示；公布得分时，随测评记录公开。',
};

const en: ComponentsTexts = {
  title: 'What scores are combined with',
  total: 'Total',
  totalRank: 'Rank by total',
  adjustment: 'Adjustment',
  best: 'Best grade',
  evaluation: 'score',
  share: (percent, name) => `${percent} % ${name}`,
  standing: (whole, all) => `${whole} of ${all} subjects have every value.`,
  missing: (names) => `Without a total, because something is missing: ${names}.`,
  values: 'What there is',
  closed: 'Nothing can be imported once the count is certified.',
  import: 'Import…',
  file: 'Download the table (to fill in and import)',
  how: 'Choose the filled-in CSV or xlsx file: one row a subject, one column a component. It is checked first and imported when you confirm.',
  choose: 'Choose a file',
  looking: 'Looking at the file…',
  wrong: (count) => `${count} places in the file need mending; nothing was imported.`,
  line: (line, message) => (line === null ? message : `Line ${line}: ${message}`),
  found: (rows) => `${rows} rows without a mistake. Confirm to replace what this round has.`,
  gaps: (names) => `No value for ${names}: these get no total.`,
  none: 'No subject of this round is in the file.',
  replace: 'Import',
  secret:
    'Voters do not see these points before they vote; once scores are published they stand in the public record.',
};

export const componentsTexts: Bilingual<ComponentsTexts> = { zh, en };
