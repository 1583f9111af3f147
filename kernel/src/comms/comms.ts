/**
 * Comms: channels between what runs here and what a page shows, which either side opens and closes.
 *
 * @see https://jupyter-client.readthedocs.io/en/stable/messaging.html#custom-messages
 */
import { randomUUID } from 'node:crypto';
import type { Comm, CommData, CommHandlers } from 'tf-mechanics/kernel-host';
import type { Header } from '../channels/wire';

type Content = Record<string, unknown>;

/** A message about a comm that has come from a page. */
export interface CommRequest {
  readonly header: Header;
  readonly content: Content;
  readonly buffers: readonly Uint8Array[];
}

export interface CommsOptions {
  /** Sends a message to all pages; buffers are given away. */
  readonly publish: (
    parent: Header | undefined,
    type: string,
    content: Content,
    extras: { metadata?: string; buffers: Uint8Array[] },
  ) => void;
  /** What messages are sent for that answer none. */
  readonly parent: () => Header | undefined;
  /** Whether somebody sits before what the kernel is told to show. */
  readonly isAttended: () => boolean;
}

/** An end of a comm that is here. */
interface Opened {
  readonly target: string;
  handlers: CommHandlers;
  /** What a page is told of it that comes later. */
  readonly current: () => CommData;
  /** Whether pages have been told of it. */
  told: boolean;
}

/** What opens a comm by itself, from a page, finds here by its target's name. */
export type OnOpen = (comm: Comm, message: CommData) => CommHandlers;

export class Comms {
  readonly #options: CommsOptions;
  readonly #opened = new Map<string, Opened>();
  readonly #targets = new Map<string, OnOpen>();
  /** The message from a page that is being looked at. */
  #handled: Header | undefined;

  constructor(options: CommsOptions) {
    this.#options = options;
  }

  /** Has comms that pages open with this name come to `onOpen`; those of other names are closed at once. */
  onOpen(target: string, onOpen: OnOpen): void {
    this.#targets.set(target, onOpen);
  }

  /**
   * Opens a comm to all pages. Where nobody sits before one, none is told of it until a page asks what there is: a program that
   * runs a notebook would keep it as if its page were still there.
   *
   * @param current what it is opened with, and what a page is told of it that comes later
   */
  open(target: string, current: () => CommData, handlers: CommHandlers, metadata: Content = {}): Comm {
    const id = randomUUID().replaceAll('-', '');
    const told = this.#options.isAttended();
    if (told) this.#publish('comm_open', { comm_id: id, target_name: target }, current(), metadata);
    this.#opened.set(id, { target, handlers, current, told });
    return this.#comm(id);
  }

  /** The comms that are open, by their ids, or those with this target's name. */
  info(target: unknown): Record<string, { target_name: string }> {
    const all = [...this.#opened].filter(([, opened]) => target === undefined || opened.target === target);
    return Object.fromEntries(all.map(([id, opened]) => [id, { target_name: opened.target }]));
  }

  /** What those with this target's name are now, by their ids, for a page that has not been told of them. */
  tell(target: string): [id: string, CommData][] {
    return [...this.#opened]
      .filter(([, opened]) => opened.target === target)
      .map(([id, opened]) => {
        opened.told = true;
        return [id, opened.current()];
      });
  }

  /** Takes a message from a page: `comm_open`, `comm_msg` or `comm_close`. One about a comm that isn't there is nobody's. */
  receive({ header, content, buffers }: CommRequest): void {
    const { comm_id: id, target_name: target } = content;
    if (typeof id !== 'string') return;
    const message: CommData = { data: isObject(content.data) ? content.data : {}, buffers };
    const outer = this.#handled;
    this.#handled = header;
    try {
      if (header.msg_type === 'comm_open') this.#receiveOpening(id, target, message);
      else {
        const opened = this.#opened.get(id);
        if (!opened) return;
        opened.told = true;
        if (header.msg_type === 'comm_msg') opened.handlers.onMessage?.(message);
        else if (this.#opened.delete(id)) opened.handlers.onClose?.();
      }
    } finally {
      this.#handled = outer;
    }
  }

  #receiveOpening(id: string, target: unknown, message: CommData): void {
    const onOpen = typeof target === 'string' ? this.#targets.get(target) : undefined;
    if (this.#opened.has(id)) return;
    const comm = this.#comm(id);
    const opened = { target: String(target), handlers: {}, current: () => message, told: true };
    this.#opened.set(id, opened);
    try {
      if (onOpen) opened.handlers = onOpen(comm, message);
      else comm.close();
    } catch (error) {
      comm.close();
      throw error;
    }
  }

  #comm(id: string): Comm {
    return {
      id,
      send: (message) => {
        if (this.#opened.get(id)?.told) this.#publish('comm_msg', { comm_id: id }, message);
      },
      close: () => {
        const opened = this.#opened.get(id);
        if (this.#opened.delete(id) && opened?.told) this.#publish('comm_close', { comm_id: id }, { data: {} });
      },
    };
  }

  #publish(type: string, content: Content, { data, buffers = [] }: CommData, metadata: Content = {}): void {
    const copies = buffers.map((buffer) => new Uint8Array(buffer)); // the sender goes on to use its own
    this.#options.publish(
      this.#handled ?? this.#options.parent(),
      type,
      { ...content, data },
      { metadata: JSON.stringify(metadata), buffers: copies },
    );
  }
}

const isObject = (value: unknown): value is Content =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
