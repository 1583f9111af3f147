/** A zoomable waveform above a player. */
import { rgbOf } from '../figure/colors';
import { ONDARK_COLORS } from '../figure/otherColors';
import { palette, textColor } from '../figure/theme';
import { type PlayedSound, soundOf } from '../media/playedSound';
import { soundColumns, timeTicks } from '../media/soundColumns';
import { html } from './elements';
import { isDark, onThemeChange } from './pageTheme';

/** Pixels: the height of the waveform, and of the times below it. */
const HEIGHT = 110;
const TIMES = 18;
/** Shorter movements of the pointer are clicks. */
const CLICK = 4;
/** The minimum number of visible frames. */
const NEAREST = 16;

/** Draws the sound of the player next to `output`, replacing its still picture. */
export async function mountSound(output: HTMLElement): Promise<void> {
  const player = output.parentElement?.querySelector('audio');
  const sound = player && soundOf(player.src);
  if (sound) new SoundView(output, player, sound);
}

class SoundView {
  readonly #canvas = html('canvas', {
    tabIndex: 0,
    title: 'Drag to look closer, double-click for all, click to play from there',
  });
  readonly #player: HTMLAudioElement;
  readonly #sound: PlayedSound;
  /** The visible frames. */
  #from = 0;
  #to: number;
  /** The start and the current end of a selection, in pixels. */
  #selection: [start: number, end: number] | undefined;

  constructor(output: HTMLElement, player: HTMLAudioElement, sound: PlayedSound) {
    this.#player = player;
    this.#sound = sound;
    this.#to = sound.moments;
    const words = output.querySelector('img')?.alt ?? '';
    this.#canvas.setAttribute('role', 'img');
    this.#canvas.setAttribute(
      'aria-label',
      `${words}; keys + and − look closer and less close, arrows move, 0 shows all`,
    );
    this.#canvas.style.cssText = `display:block;width:100%;height:${HEIGHT + TIMES}px;cursor:crosshair;touch-action:pan-y`;
    output.replaceChildren(this.#canvas);
    player.style.width = '100%';
    this.#listen();
    new ResizeObserver(() => this.#draw()).observe(this.#canvas);
    const view = new WeakRef(this);
    onThemeChange(() => view.deref()?.redraw());
  }

  /** Redraws for the current page. */
  redraw(): void {
    this.#draw();
  }

  #listen(): void {
    const canvas = this.#canvas;
    const placeOf = ({ clientX }: MouseEvent) => clientX - canvas.getBoundingClientRect().left;
    canvas.addEventListener('pointerdown', (event) => {
      canvas.setPointerCapture(event.pointerId);
      this.#selection = [placeOf(event), placeOf(event)];
    });
    canvas.addEventListener('pointermove', (event) => {
      if (!this.#selection) return;
      this.#selection[1] = placeOf(event);
      this.#draw();
    });
    canvas.addEventListener('pointerup', () => this.#select());
    canvas.addEventListener('pointercancel', () => {
      this.#selection = undefined;
      this.#draw();
    });
    canvas.addEventListener('dblclick', () => this.#show(0, this.#sound.moments));
    canvas.addEventListener('keydown', (event) => {
      const middle = (this.#from + this.#to) / 2;
      const reach = this.#to - this.#from;
      const views: Record<string, [from: number, to: number]> = {
        '+': [middle - reach / 4, middle + reach / 4],
        '-': [middle - reach, middle + reach],
        '0': [0, this.#sound.moments],
        ArrowLeft: [this.#from - reach / 4, this.#to - reach / 4],
        ArrowRight: [this.#from + reach / 4, this.#to + reach / 4],
      };
      const view = views[event.key];
      if (!view) return;
      event.preventDefault();
      event.stopPropagation(); // JupyterLab has its own shortcuts
      this.#show(...view);
    });
    const follow = () => {
      this.#draw();
      if (!this.#player.paused && this.#canvas.isConnected) requestAnimationFrame(follow);
    };
    this.#player.addEventListener('play', follow);
    this.#player.addEventListener('seeked', () => this.#draw());
  }

  /** Zooms into the selection, or plays from a clicked position. */
  #select(): void {
    if (!this.#selection) return;
    const [left, right] = [...this.#selection].sort((a, b) => a - b) as [number, number];
    this.#selection = undefined;
    const momentAt = (x: number) => this.#from + (x / this.#canvas.clientWidth) * (this.#to - this.#from);
    if (right - left >= CLICK) this.#show(momentAt(left), momentAt(right));
    else {
      this.#player.currentTime = momentAt(left) / this.#sound.sampleRate;
      this.#draw();
    }
  }

  /** Shows these frames, or the closest possible range. */
  #show(from: number, to: number): void {
    const { moments } = this.#sound;
    const reach = Math.min(moments, Math.max(NEAREST, to - from));
    this.#from = Math.max(0, Math.min(moments - reach, from));
    this.#to = this.#from + reach;
    this.#draw();
  }

  #draw(): void {
    const canvas = this.#canvas;
    const width = canvas.clientWidth;
    if (width === 0) return;
    const ratio = window.devicePixelRatio || 1;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round((HEIGHT + TIMES) * ratio);
    const context = canvas.getContext('2d');
    if (!context) return;
    context.scale(ratio, ratio);
    const dark = isDark(canvas);
    const color = (light: string) => (dark ? (ONDARK_COLORS[light] ?? light) : light);
    this.#drawWave(context, width, color(palette[0]!));
    this.#drawTimes(context, width, color(textColor));
    const x = this.#xOf(this.#player.currentTime * this.#sound.sampleRate, width);
    context.fillStyle = color(palette[1]!);
    if (this.#player.currentTime > 0 && x >= 0 && x <= width) context.fillRect(x - 0.75, 0, 1.5, HEIGHT);
    if (!this.#selection) return;
    context.fillStyle = 'rgba(128,128,128,0.3)';
    context.fillRect(this.#selection[0], 0, this.#selection[1] - this.#selection[0], HEIGHT);
  }

  #drawWave(context: CanvasRenderingContext2D, width: number, color: string): void {
    const yOf = (sample: number) => ((1 - sample) / 2) * (HEIGHT - 1) + 0.5;
    context.fillStyle = 'rgba(128,128,128,0.6)';
    context.fillRect(0, yOf(0) - 0.5, width, 1);
    if (this.#to - this.#from < width / 3) {
      this.#drawSamples(context, width, color, yOf);
      return;
    }
    for (const [x, { least, greatest, loud }] of soundColumns(
      this.#sound,
      Math.round(width),
      this.#from,
      this.#to,
    ).entries()) {
      const bar = (up: number, down: number) => context.fillRect(x, yOf(up), 1, Math.max(1, yOf(down) - yOf(up)));
      context.fillStyle = `rgba(${rgbOf(color)},0.5)`;
      bar(greatest, least);
      context.fillStyle = color;
      bar(Math.min(loud, greatest), Math.max(-loud, least));
    }
  }

  /** At high zoom, draws the samples themselves, with a line per channel. */
  #drawSamples(context: CanvasRenderingContext2D, width: number, color: string, yOf: (sample: number) => number): void {
    const { samples, channels, moments } = this.#sound;
    context.strokeStyle = color;
    context.fillStyle = color;
    context.lineWidth = 1.5;
    for (let channel = 0; channel < channels; channel++) {
      context.beginPath();
      for (
        let moment = Math.max(0, Math.floor(this.#from));
        moment <= Math.min(moments - 1, Math.ceil(this.#to));
        moment++
      ) {
        const [x, y] = [this.#xOf(moment, width), yOf(samples[moment * channels + channel]!)];
        context.lineTo(x, y);
        context.fillRect(x - 1.5, y - 1.5, 3, 3);
      }
      context.stroke();
    }
  }

  #drawTimes(context: CanvasRenderingContext2D, width: number, color: string): void {
    const { sampleRate } = this.#sound;
    context.font = '11px Open Sans, Helvetica, Arial, sans-serif';
    context.textBaseline = 'bottom';
    for (const { time, text } of timeTicks(this.#from / sampleRate, this.#to / sampleRate, width / 90)) {
      const x = this.#xOf(time * sampleRate, width);
      context.fillStyle = 'rgba(128,128,128,0.6)';
      context.fillRect(x, HEIGHT, 1, 4);
      context.fillStyle = color;
      const reach = context.measureText(text).width;
      context.fillText(text, Math.max(0, Math.min(width - reach, x - reach / 2)), HEIGHT + TIMES);
    }
  }

  #xOf(moment: number, width: number): number {
    return ((moment - this.#from) / (this.#to - this.#from)) * width;
  }
}
