import type { WriteStream } from 'node:tty';
import { clip, createStyle, type Style } from './style.js';
import { wrap } from './wrap.js';

const FRAME_MS = 80;
const WIDEST = 100;
const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';

/** Where the demo speaks. On a terminal some lines live for a while; elsewhere only their last state is printed. */
export class Screen {
  readonly style: Style;
  readonly #out: WriteStream | NodeJS.WritableStream;
  readonly #live: boolean;
  #redraw: (() => string[]) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #drawnLines = 0;

  constructor(out: WriteStream | NodeJS.WritableStream, { live, colours }: { live: boolean; colours: boolean }) {
    this.#out = out;
    this.#live = live;
    this.style = createStyle(colours);
  }

  /** Columns to write into: the terminal's, 100 at most. */
  get width(): number {
    const columns = 'columns' in this.#out ? this.#out.columns : undefined;
    return Math.min(WIDEST, Math.max(40, columns ?? WIDEST)) - 1;
  }

  /** Prints a line, above the living ones if there are any. */
  print(line = ''): void {
    this.#erase();
    this.#out.write(`${line}\n`);
    this.#draw();
  }

  /** Prints a paragraph, wrapped and indented. */
  say(text: string, paint: (line: string) => string = (line) => line): void {
    for (const line of wrap(text, this.width - 2)) this.print(`  ${paint(line)}`);
  }

  /** Shows lines that change; the function returned ends that and leaves their last state on the screen. */
  watch(draw: () => string[]): () => void {
    this.#redraw = draw;
    if (this.#live) {
      this.#out.write(HIDE_CURSOR);
      this.#draw();
      this.#timer = setInterval(() => this.#refresh(), FRAME_MS);
    }
    return () => this.#end(draw);
  }

  /** Gives the terminal back as it was; for leaving in the middle. */
  release(): void {
    clearInterval(this.#timer);
    this.#redraw = undefined;
    if (this.#live) this.#out.write(SHOW_CURSOR);
  }

  #end(draw: () => string[]): void {
    if (this.#redraw !== draw) return;
    this.#erase();
    this.release();
    for (const line of draw()) this.#out.write(`${clip(line, this.width)}\n`);
  }

  #refresh(): void {
    this.#erase();
    this.#draw();
  }

  #draw(): void {
    if (!this.#live || this.#redraw === undefined) return;
    const lines = this.#redraw();
    this.#drawnLines = lines.length;
    this.#out.write(lines.map((line) => `${clip(line, this.width)}\n`).join(''));
  }

  #erase(): void {
    if (this.#drawnLines > 0) this.#out.write(`\u001b[${this.#drawnLines}A\u001b[0J`);
    this.#drawnLines = 0;
  }
}
