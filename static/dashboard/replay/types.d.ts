/** What the player's modules promise each other. Nothing here reaches the browser. */

/** A stretch of text with one look (an origin). */
export interface Run {
  text: string;
  look: string;
}

/** Moment in ms, kind, position and deleted length in UTF-16 units, inserted text, its runs as [length, look], note. */
export type Step = [number, string, number, number, string, [number, string][], string];

/** As `/submissions/{id}/playback` answers. Knots are [ms of the session, ms as shown]. */
export interface Payload {
  knots: [number, number][];
  pauses: [number, number][];
  duration_ms: number;
  steps: Step[];
}

/** The text after some steps, and where the last of them happened. */
export interface State {
  runs: readonly Run[];
  caret: number;
}
