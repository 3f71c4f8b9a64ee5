/**
 * Types of wire format 1: one discriminated union of the events in docs/wire-format.md. Offsets and lengths are UTF-16 code
 * units, hashes FNV-1a-32, times whole milliseconds. Not sent to browsers.
 */

/** 1 or 0 on the wire, for the sake of size. */
export type Bit = number;

/** Sum of 1 untrusted, 2 repeat, 4 shift, 8 ctrl, 16 alt, 32 meta, 64 composing, 128 caps lock on, 256 AltGraph. */
export type KeyFlags = number;

/** Sum of 1 untrusted, 2 announced by a `beforeinput` of the same type, 4 composing, 8 data differs from the change. */
export type EditFlags = number;

/** Sum of 1 untrusted, 2 prevented by the study's rules. */
export type PasteFlags = number;

export interface Environment {
  /** Version of the recorder. */
  v: string;
  ua?: string;
  lang?: string;
  /** IANA zone. */
  tz?: string;
  /** Viewport in CSS pixels. */
  vw?: number;
  vh?: number;
  /** Maximum touch points. */
  touch?: number;
  pointer?: "fine" | "coarse" | "none";
  webdriver?: boolean;
  /** Resolution of the timer in ms. */
  tick?: number;
  /** Navigation type. */
  nav?: string;
  visible?: boolean;
  focused?: boolean;
  framed?: boolean;
}

export type Where = "source" | "instructions" | "answer" | "other";

/** What happened, without its time: `[type, ...fields]`. */
export type Entry =
  | [type: "E", environment: Environment]
  | [type: "i", source: "empty" | "server" | "browser", len: number, hash: number]
  | [type: "k", code: string, key: string, flags: KeyFlags]
  | [type: "u", code: string, flags: KeyFlags]
  | [
      type: "e",
      pos: number,
      del: number,
      ins: string,
      cause: string,
      flags: EditFlags,
      selection?: [start: number, end: number]
    ]
  | [type: "s", start: number, end: number]
  | [type: "c" | "x", where: Where, start: number, end: number, len: number, hash: number]
  | [type: "p", len: number, hash: number, text: string, types: string[], flags: PasteFlags]
  | [type: "d", len: number, hash: number, text: string, internal: Bit]
  | [type: "m", state: Bit]
  | [type: "f", state: Bit, target: "window" | "answer", hasFocus: Bit]
  | [type: "v", state: "hidden" | "visible" | "pagehide" | "pageshow-persisted" | "freeze"]
  | [type: "q", moves: number, distance: number, clicks: number, wheel: number, touches: number, jump: number]
  | [type: "a", how: "pointer" | "tab" | "touch" | "script"]
  | [type: "g", top: number, height: number, visible: number]
  | [type: "n", len: number, hash: number]
  | [type: "z", events: number, len: number, hash: number, perf: number, wall: number];

type Timed<T> = T extends [infer Type, ...infer Fields] ? [dt: number, type: Type, ...fields: Fields] : never;

/** An event on the wire: `[dt, type, ...fields]`. */
export type WireEvent = Timed<Entry>;

/** The body of `POST /api/worker/events`. */
export interface WireBatch {
  v: 1;
  /** Signed; names one writing session and one epoch. */
  ticket: string;
  /** Number of the first event, counted from 0 in the epoch. */
  seq: number;
  /** The page's clocks, in ms, when the batch was cut. */
  perf: number;
  wall: number;
  events: WireEvent[];
}

/** The answer: the highest sequence number up to which the epoch is stored without a gap, -1 if none. */
export interface Acknowledgement {
  committed: number;
}
