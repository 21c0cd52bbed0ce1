// The size of the paper of a printed form. It knows no page: the client's build reads it too.

export type Paper = 'landscape' | 'portrait';

/** The rule for all pages of a form. */
export const paperRule = (paper: Paper): string => `@page { size: A4 ${paper}; margin: 0 }`;
