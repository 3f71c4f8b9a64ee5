/** Types shared by the recorder's modules. Not sent to browsers. */
import type { Entry } from "./wire.js";

export type * from "./wire.js";

declare global {
  /** Of navigation entries: navigate, reload, back_forward or prerender. */
  interface PerformanceEntry {
    readonly type?: string;
  }
}

/** Everything acknowledged; events pending; the server does not answer; the server refuses this page load. */
export type Status = "saved" | "saving" | "offline" | "stopped";

/** As much of a `<textarea>` as the recorder looks at. */
export type Box = Pick<HTMLTextAreaElement, "value" | "selectionStart" | "selectionEnd" | "contains"> &
  Pick<EventTarget, "addEventListener">;

export interface Options {
  /** The answer box: a textarea, or what stands for another kind of box. */
  box: Box;
  /** The element that holds the item's text, and the one that holds the instructions, where there is one. */
  source?: Element | null;
  instructions?: Element | null;
  /** Signed by the server; names the writing session and the page load. Without it the log stays in memory until `start`. */
  ticket?: string;
  /** Where batches go. */
  url: string;
  /** The draft that the server restored, if it did. */
  draft?: string;
  onStatus?: (status: Status) => void;
}

export interface Recorder {
  /** Sends what was held back for want of a ticket, and all that follows. */
  start(ticket: string): void;
  /**
   * Compares the value once more, writes the last checkpoint and the end, and sends the rest: `events` is their number in this page load,
   * `sent` resolves when all are acknowledged or the server refuses; offline it waits, so limit your wait.
   * Recording continues until `stop`; if the person submits again, the later end counts.
   */
  submit(): { events: number; sent: Promise<void> };
  /** Stops observing. What is recorded is still sent. */
  stop(): void;
}

/** Cut once, never split again. `end` is the number of the event after its last. */
export interface Batch {
  end: number;
  body: string;
}

export interface Log {
  /** Nothing is cut before there is one. */
  ticket?: string;
  /** Number of events so far. */
  count: number;
  /** Events that are not yet part of a batch, as on the wire. */
  held: unknown[];
  /** Cut and not yet acknowledged, oldest first. */
  batches: Batch[];
  /** `at` is the event's `timeStamp`, where there is an event. */
  add(entry: Entry, at?: number): void;
  /** Makes a batch of the waiting events. */
  cut(): void;
}

export interface Transport {
  /** Sends what is waiting, unless a request is pending or a retry is due. Resolves when everything is acknowledged or refused. */
  flush(): Promise<void>;
  /** The page or the connection came back: like flush, but does not wait for a retry or an old request. */
  resume(): Promise<void>;
  /** The page may be about to end: sends unacknowledged events by beacons, 60 kB at most until resume. */
  beacon(): void;
}

export interface Edits {
  /** Logs a difference from the shadow copy without an event as a silent edit. */
  compare(): void;
  /** Logs length and hash of the value, if it changed since the last time. */
  checkpoint(always?: boolean): void;
  /** Compares, and logs a moved caret; in a separate task, or as the last before the end. */
  look(): void;
}

type Events = HTMLElementEventMap &
  WindowEventMap & { beforeinput: InputEvent; input: InputEvent; freeze: Event; visibilitychange: Event };
type Split<Names extends string> = Names extends `${infer Head} ${infer Tail}` ? Head | Split<Tail> : Names;

/** Listens to events (names separated by blanks) before the page does. What the handler returns is logged, with the event's time. */
export type On = <const Names extends string>(
  target: Pick<EventTarget, "addEventListener">,
  names: Names,
  // biome-ignore lint/suspicious/noConfusingVoidType: a handler that returns nothing is one too
  handler: (event: Events[Split<Names> & keyof Events]) => Entry | undefined | false | "" | void
) => void;

/** Logs an event after comparing the box, so that a silent change is logged before it. */
export type Add = (entry: Entry, at?: number) => void;
