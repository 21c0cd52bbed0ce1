// The words of a meeting that every page shows: steps, phases, stages of a round.

import type { Phase, RoundStage, StepKind } from '../protocol';
import type { Bilingual } from './language';

export type StepTexts = Record<StepKind, string>;

const stepsZh: StepTexts = {
  opening: '会议开始',
  tellers: '推选监票人、计票人',
  report: '述职',
  comment: '点评',
  evaluation: '民主测评',
  speech: '总结讲话',
  break: '休会',
  close: '会议结束',
};

const stepsEn: StepTexts = {
  opening: 'Opening',
  tellers: 'Tellers and scrutineers',
  report: 'Report',
  comment: 'Comment',
  evaluation: 'Evaluation',
  speech: 'Closing speech',
  break: 'Break',
  close: 'End of the meeting',
};

/** What happens in a step. */
export const stepTexts: Bilingual<StepTexts> = { zh: stepsZh, en: stepsEn };

/** Where the meeting stands. */
export const phaseTexts: Bilingual<Record<Phase, string>> = {
  zh: {
    draft: '准备中',
    checkin: '签到',
    in_session: '会议进行中',
    closed: '会议已结束',
    archived: '已归档',
  },
  en: {
    draft: 'Being prepared',
    checkin: 'Check-in',
    in_session: 'In session',
    closed: 'The meeting is over',
    archived: 'Archived',
  },
};

/** How far a round is. */
export const roundStageTexts: Bilingual<Record<RoundStage, string>> = {
  zh: {
    draft: '未开始',
    armed: '正在发票',
    open: '正在测评',
    closing: '即将截止',
    closed: '已截止',
    certified: '监票已确认',
    published: '结果已公布',
    void: '本轮作废',
  },
  en: {
    draft: 'Not begun',
    armed: 'Ballots being issued',
    open: 'Open',
    closing: 'Closing',
    closed: 'Closed',
    certified: 'Count witnessed',
    published: 'Published',
    void: 'Void',
  },
};
