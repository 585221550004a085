import type { ColourScale } from '../../core/figures/figure.ts';
import type { Pattern } from '../../core/pattern.ts';
import { fromZoom, toZoom, WHOLE, type PlotWindow } from '../../core/view/plot-window.ts';
import type { ValueScale } from '../../core/view/value-scale.ts';
import type { MapChoice } from '../../schema/colour-map.ts';
import type { Cell, Display, Scale } from '../../schema/view-state.ts';

/** The scale that plates and contact sheets have, so that a small pattern and the large one look alike. */
const USUAL_SCALE: Scale = 'sqrt';

/** How patterns are shown and what is pointed to: of one plot, or of several that move together. */
export class PlotSettings {
  scale = $state<Scale>(USUAL_SCALE);
  /** The colour map in place of the theme's own. */
  map = $state<MapChoice>();
  range = $state.raw<readonly [number, number]>();
  hover = $state.raw<Cell>();
  pin = $state.raw<Cell>();
  window = $state.raw<PlotWindow>(WHOLE);

  /** Takes over what an address says; what depends on the pattern waits for `fit`. */
  read(display: Display): void {
    this.scale = display.scale ?? USUAL_SCALE;
    this.map = display.map;
    this.range = display.range;
    this.pin = display.pin;
    this.hover = undefined;
    this.window = WHOLE;
    this.#zoom = display.zoom;
  }

  /** Brings pin and zoom of the address into `pattern`. @returns the pin, if it lay outside and was dropped */
  fit(pattern: Pattern): Cell | undefined {
    if (this.#zoom !== undefined) this.window = fromZoom(pattern, this.#zoom);
    this.#zoom = undefined;
    const pin = this.pin;
    if (pin === undefined || (pin.query < pattern.rows && pin.key < pattern.columns)) return undefined;
    this.pin = undefined;
    return pin;
  }

  /** Takes the scale that a figure is meant for. */
  useFigure({ usualScale }: { readonly usualScale?: Scale }): void {
    this.scale = usualScale ?? USUAL_SCALE;
    this.range = undefined;
  }

  /** Forgets what belongs to one text. */
  clearPlace(): void {
    this.hover = undefined;
    this.pin = undefined;
    this.window = WHOLE;
  }

  /** What an address says about all this, for a pattern of this size, at this place in it. */
  display(
    pattern: Pattern | undefined,
    { pin, window }: { readonly pin?: Cell | undefined; readonly window: PlotWindow } = this,
  ): Display {
    const zoom = pattern === undefined ? this.#zoom : toZoom(pattern, window);
    return {
      ...(this.scale === USUAL_SCALE ? {} : { scale: this.scale }),
      ...(this.map === undefined ? {} : { map: this.map }),
      ...(this.range === undefined ? {} : { range: this.range }),
      ...(pin === undefined ? {} : { pin }),
      ...(zoom === undefined ? {} : { zoom }),
    };
  }

  /** The colours of a figure under these settings. */
  valueScale({ map, least, greatest }: Pick<ColourScale, 'map' | 'least' | 'greatest'>): ValueScale {
    const [from, to] = this.range ?? [least, greatest];
    if (map === 'sequential') {
      const chosen = this.map === undefined ? {} : { chosen: this.map };
      return { kind: this.scale, map, ...chosen, least: from, greatest: to };
    }
    const reach = Math.max(Math.abs(from), Math.abs(to));
    return { kind: this.scale, map, least: -reach, greatest: reach };
  }

  #zoom: Display['zoom'];
}
