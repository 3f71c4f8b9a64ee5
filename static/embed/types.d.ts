/** What the embeddable recorder's modules promise each other and the page. Nothing here reaches the browser. */
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
  /** `given`: the page has told the person what the study's consent says, and got an answer. Default: ask above the box. */
  consent?: "ask" | "given";
  /** Name of the hidden field that takes the receipt; default `receipt`. */
  field?: string;
  onStatus?: (status: Status) => void;
}

/** Being written; only looked at; the person does not agree to the recording; handed in already. */
export type State = "open" | "preview" | "declined" | "submitted";

export interface Trail {
  state: State;
  item: Item | null;
  /**
   * Ends the recording and hands the text in. Gives the receipt; empty if nothing was recorded.
   *
   * @throws with the server's message if it does not take the text, or no answer comes in about half a minute
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
