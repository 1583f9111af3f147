/**
 * Comms: bidirectional channels between the kernel and objects in a page. Either side can open and close them.
 *
 * @see https://jupyter-client.readthedocs.io/en/stable/messaging.html#custom-messages
 */
import { randomUUID } from 'node:crypto';
import type { Comm, CommData, CommHandlers } from 'tf-mechanics/kernel-host';
import type { Header } from '../channels/wire';

type Content = Record<string, unknown>;

/** A comm message from a page. */
export interface CommRequest {
  readonly header: Header;
  readonly content: Content;
  readonly buffers: readonly Uint8Array[];
}

export interface CommsOptions {
  /** Broadcasts a message to all pages; its buffers are transferred. */
  readonly publish: (
    parent: Header | undefined,
    type: string,
    content: Content,
    extras: { metadata?: string; buffers: Uint8Array[] },
  ) => void;
  /** The parent of messages that answer no request. */
  readonly parent: () => Header | undefined;
  /** Whether a user is looking at the output. */
  readonly isAttended: () => boolean;
}

/** A comm that is open in the kernel. */
interface Opened {
  readonly target: string;
  handlers: CommHandlers;
  /** The state that a page receives if it connects later. */
  readonly current: () => CommData;
  /** Whether pages know the comm. */
  told: boolean;
}

/** Handles comms opened by a page, by target name. */
export type OnOpen = (comm: Comm, message: CommData) => CommHandlers;

export class Comms {
  readonly #options: CommsOptions;
  readonly #opened = new Map<string, Opened>();
  readonly #targets = new Map<string, OnOpen>();
  /** The page message being handled. */
  #handled: Header | undefined;

  constructor(options: CommsOptions) {
    this.#options = options;
  }

  /**
   * Registers a handler for comms that pages open with this target name; comms with unregistered targets are closed at
   * once.
   */
  onOpen(target: string, onOpen: OnOpen): void {
    this.#targets.set(target, onOpen);
  }

  /**
   * Opens a comm to all pages. Without a user, it isn't announced until a page asks for open comms: a program that
   * executes the notebook would otherwise save it as if its page were still there.
   *
   * @param current the initial state, and the state that a page receives if it connects later
   */
  open(target: string, current: () => CommData, handlers: CommHandlers, metadata: Content = {}): Comm {
    const id = randomUUID().replaceAll('-', '');
    const told = this.#options.isAttended();
    if (told) this.#publish('comm_open', { comm_id: id, target_name: target }, current(), metadata);
    this.#opened.set(id, { target, handlers, current, told });
    return this.#comm(id);
  }

  /** The open comms by id, optionally only those with this target name. */
  info(target: unknown): Record<string, { target_name: string }> {
    const all = [...this.#opened].filter(([, opened]) => target === undefined || opened.target === target);
    return Object.fromEntries(all.map(([id, opened]) => [id, { target_name: opened.target }]));
  }

  /** The current states of the comms with this target name, by id, for a page that doesn't know them yet. */
  tell(target: string): [id: string, CommData][] {
    return [...this.#opened]
      .filter(([, opened]) => opened.target === target)
      .map(([id, opened]) => {
        opened.told = true;
        return [id, opened.current()];
      });
  }

  /** Handles `comm_open`, `comm_msg` or `comm_close` from a page. Messages about unknown comms are ignored. */
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
    const copies = buffers.map((buffer) => new Uint8Array(buffer)); // the sender may reuse its buffers
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
