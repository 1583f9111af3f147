/** The arguments of an anywidget module. */
export interface PageModel {
  get<T = unknown>(name: string): T;
  set(name: string, value: unknown): void;
  save_changes(): void;
  send(content: unknown): void;
  on(event: string, callback: (...given: never[]) => void): void;
  off(event: string, callback: (...given: never[]) => void): void;
}

export interface View {
  readonly model: PageModel;
  readonly el: HTMLElement;
}
