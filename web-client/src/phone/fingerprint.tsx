// The frame of what people compare of the rules, which later.js draws.
import { drawRules } from './drawings';

export const Fingerprint = () => <div ref={(host) => drawRules(host)} />;
