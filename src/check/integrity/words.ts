/** The way back when there is no shorter one. */
export const RESET = 'Reset the lesson’s database to begin anew.';
