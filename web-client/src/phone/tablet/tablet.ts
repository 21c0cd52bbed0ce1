// What a shared tablet puts in place of a phone's own browser: kiosk.js brings it, because it runs before the page. The page asks
// for it in a few places and is otherwise the same. It must not know marks.
import type { World } from '../../browser/world';
import type { BallotStatus } from '../voting';

/** What the page tells of the person in front of it. */
export interface Person {
  /** Whether a seat is taken, being taken, or was asked for: what that left behind is to be forgotten. */
  hasSeat: boolean;
  /** How far the ballot is; nothing while a seat is held and the page does not know it yet. */
  ballot: BallotStatus | null;
}

export interface Tablet {
  /** The world in which this page votes. */
  around(world: World): World;
  /** Called whenever something of it changes. */
  follow(person: Person): void;
}

declare global {
  interface Window {
    /** Set by kiosk.js. */
    pingyiTablet?: Tablet;
  }
}

/** The tablet that this page is on; nothing on a phone. */
export const tablet = window.pingyiTablet;
