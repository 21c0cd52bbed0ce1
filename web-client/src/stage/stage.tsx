// The projector's whole picture, drawn from one view. The projector's page and the chair's preview both use it, so that
// they cannot differ. It must not know a connection, a session or the chair.
import type { ComponentType } from 'preact';
import { withMerged } from '../meeting/plan';
import { Card, CommentScene, OpeningScene, VoidScene, WaitingScene } from './cards';
import { ArmedScene, ClosedScene, ClosingScene, OpenScene } from './evaluation';
import { CheckinScene, JoinScene } from './joining';
import { type Picture, pictureOf } from './picture';
import { ResultScene } from './result';
import type { SceneInput } from './scene';
import { TurnScene } from './turn';
import { words } from './words';

const SCENES: Record<Picture, ComponentType<SceneInput>> = {
  black: () => <section class="scene black" />,
  join: JoinScene,
  checkin: CheckinScene,
  waiting: WaitingScene,
  opening: OpeningScene,
  tellers: (input) => <Card input={input} title={words().steps.tellers} />,
  turn: TurnScene,
  comment: CommentScene,
  round_draft: (input) => <Card input={input} title={words().roundDraft} />,
  armed: ArmedScene,
  open: OpenScene,
  closing: ClosingScene,
  closed: ClosedScene,
  void: VoidScene,
  result: ResultScene,
  result_held: (input) => <Card input={input} title={words().resultHeld} />,
  speech: (input) => <Card input={input} title={words().steps.speech} />,
  break: (input) => <Card input={input} title={words().steps.break} />,
  end: (input) => <Card input={input} title={words().endTitle} below={words().endHint} />,
};

/** The picture; `tall` for a screen that is higher than wide. */
export function Stage({ input, tall }: { input: SceneInput; tall?: boolean }) {
  const picture = pictureOf(input.view, input.plan);
  const plan = withMerged(input.plan, input.view.now.round?.merged);
  const Scene = SCENES[picture];
  return (
    <div class={`stage${tall ? ' tall' : ''}`} data-picture={picture} data-step={input.view.now.step ?? ''}>
      <Scene key={`${picture}.${input.view.now.step ?? ''}`} {...input} plan={plan} />
    </div>
  );
}
