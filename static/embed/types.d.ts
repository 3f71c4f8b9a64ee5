/** Types shared by the embeddable recorder's modules and the page. Not sent to browsers. */
import type { Status } from "../recorder/types.js";

export interface Item {
  key: string;
  title: string;
  text: string;
}

export interface Options {
  /** The answer box, or a selector of it: a textarea, or an element that can be edited. */
  box: HTMLElement | string;
  /** The study's short name, as in its addresses. */
  study: string;
  /** The key of the item that the page shows. Without it the server chooses one. */
  item?: string;
  /** The element with the text to write about, or a selector; if it is empty, the item's text is put into it. */
  source?: Element | string | null;
  /** The element with the instructions, or a selector. */
  instructions?: Element | string | null;
  /** The platform's parameters; default: those of the page's address. */
  query?: string | URLSearchParams | Record<string, string>;
  /** `given`: the page has shown the study's consent text, and the person agreed. Default: ask above the box. */
  consent?: "ask" | "given";
  /** Name of the hidden field for the receipt; default `receipt`. */
  field?: string;
  onStatus?: (status: Status) => void;
}

/** Recording; a preview; consent was declined; already submitted. */
export type State = "open" | "preview" | "declined" | "submitted";

export interface Trail {
  state: State;
  item: Item | null;
  /**
   * Ends the recording and submits the text. Returns the receipt; empty if nothing was recorded.
   *
   * @throws with the server's message if it refuses the text, or does not answer within about half a minute
   */
  finish(): Promise<string>;
}

export interface Visit {
  state: "preview" | "consent" | "open" | "submitted";
  consent: string;
  ticket: string;
  page_load: number;
  receipt: string;
  item: Item | null;
}
