// The frame of what people compare of the rules, which papers.js draws.
import { drawRules } from './state';

export const Fingerprint = () => <div ref={(host) => drawRules(host)} />;
