// What nobody can guess: a seat's credential, a session's name.
import { base64url } from './bytes';

/** 128 random bits in base64url. */
export const randomId = (): string => base64url(crypto.getRandomValues(new Uint8Array(16)));
