// Which forms there are, on which paper, and what each of them needs before it can be printed.
import type { FunctionComponent } from 'preact';
import type { PrintTexts } from '../texts/print';
import { BallotForm } from './ballot';
import { FeedbackForm } from './feedback';
import { GradesForm, HistoryForm, RankingForm, SignInForm, SlipsForm } from './lists';
import { hasOpinions, OpinionsForm } from './opinions';
import type { Paper } from './paper_rule';
import type { FormInput } from './parts';
import { ReportForm } from './report';
import { SummaryForm } from './summary';

export interface Form {
  /** The fragment of the address. */
  id: keyof PrintTexts['forms'];
  paper: Paper;
  /** Whether there is something to print. */
  isReady(form: FormInput): boolean;
  Component: FunctionComponent<FormInput>;
}

const always = () => true;
const withResult = (form: FormInput) => form.result !== null;

export const FORMS: readonly Form[] = [
  { id: 'summary', paper: 'landscape', isReady: withResult, Component: SummaryForm },
  {
    id: 'report',
    paper: 'portrait',
    isReady: ({ prints, round }) => prints.accounts.some((each) => each.round === round?.number),
    Component: ReportForm,
  },
  { id: 'ranking', paper: 'portrait', isReady: withResult, Component: RankingForm },
  { id: 'grades', paper: 'portrait', isReady: withResult, Component: GradesForm },
  { id: 'feedback', paper: 'portrait', isReady: withResult, Component: FeedbackForm },
  { id: 'opinions', paper: 'portrait', isReady: hasOpinions, Component: OpinionsForm },
  { id: 'ballot', paper: 'portrait', isReady: always, Component: BallotForm },
  { id: 'signin', paper: 'portrait', isReady: always, Component: SignInForm },
  {
    id: 'slips',
    paper: 'portrait',
    isReady: ({ prints }) => prints.plan.admission !== 'open' && prints.seats.length > 0,
    Component: SlipsForm,
  },
  {
    id: 'history',
    paper: 'portrait',
    isReady: ({ prints }) => prints.history.length > 0,
    Component: HistoryForm,
  },
];
