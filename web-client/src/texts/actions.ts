// The sentences of the chair's one primary button.

import type { NextAction } from '../protocol';
import type { Bilingual } from './language';

export const nextActionTexts: Bilingual<Record<NextAction, string>> = {
  zh: {
    open_checkin: '开始签到',
    begin: '宣布开会',
    go_to: '进入下一环节',
    start_timer: '开始计时',
    arm: '发出测评票',
    open: '开始测评',
    close: '截止测评',
    certify: '提请监票确认',
    publish: '提请公布结果',
    repeat: '重新测评',
    close_meeting: '宣布散会',
    archive: '封存归档',
  },
  en: {
    open_checkin: 'Open the check-in',
    begin: 'Begin the meeting',
    go_to: 'Go to the next step',
    start_timer: 'Start the time',
    arm: 'Issue the ballots',
    open: 'Open the evaluation',
    close: 'Close the evaluation',
    certify: 'Ask to confirm the count',
    publish: 'Ask to publish the result',
    repeat: 'Hold the round again',
    close_meeting: 'Close the meeting',
    archive: 'Seal the archive',
  },
};
