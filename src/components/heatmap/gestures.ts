/** A point in a plot, 0..1 from its left and upper edge. */
interface PlotPoint {
  readonly across: number;
  readonly down: number;
}

/** What pointers and wheel ask of a plot. */
export interface GestureHandlers {
  hover(point: PlotPoint | undefined): void;
  /** A click or tap without movement. */
  choose(point: PlotPoint): void;
  /** The plot was dragged by this part of its size. */
  drag(by: PlotPoint): void;
  zoom(factor: number, around: PlotPoint): void;
  /** Whether a turned wheel zooms here, or scrolls the page. */
  takesWheel(event: WheelEvent): boolean;
}

/** Pixels that a pointer may move between press and release of a click. */
const SLACK = 4;
const WHEEL_STEP = 0.0022;

/** Listens to pointers and wheel on `element`. @returns a function that stops listening */
export function listenToGestures(element: HTMLElement, handlers: GestureHandlers): () => void {
  const pressed = new Map<number, { x: number; y: number }>();
  let travelled = 0;
  const stop = new AbortController();
  const on = <K extends keyof HTMLElementEventMap>(
    type: K,
    handle: (event: HTMLElementEventMap[K]) => void,
    options: AddEventListenerOptions = {},
  ) => {
    element.addEventListener(type, handle, { ...options, signal: stop.signal });
  };
  const pointOf = ({ clientX, clientY }: { clientX: number; clientY: number }): PlotPoint => {
    const box = element.getBoundingClientRect();
    return { across: (clientX - box.left) / box.width, down: (clientY - box.top) / box.height };
  };
  const spread = () => {
    const [a, b] = [...pressed.values()];
    return a === undefined || b === undefined ? 0 : Math.hypot(a.x - b.x, a.y - b.y);
  };
  const middle = () => {
    const points = [...pressed.values()];
    const sum = points.reduce((total, { x, y }) => ({ x: total.x + x, y: total.y + y }), { x: 0, y: 0 });
    return { x: sum.x / points.length, y: sum.y / points.length };
  };

  on('pointerdown', (event) => {
    if (event.pointerType === 'mouse' && event.button !== 0) return;
    element.setPointerCapture(event.pointerId);
    pressed.set(event.pointerId, { x: event.clientX, y: event.clientY });
    travelled = pressed.size > 1 ? Infinity : 0;
  });
  on('pointermove', (event) => {
    const before = pressed.get(event.pointerId);
    if (before === undefined) {
      if (event.pointerType !== 'touch') handlers.hover(pointOf(event));
      return;
    }
    const [oldMiddle, oldSpread] = [middle(), spread()];
    pressed.set(event.pointerId, { x: event.clientX, y: event.clientY });
    travelled += Math.hypot(event.clientX - before.x, event.clientY - before.y);
    if (travelled <= SLACK) return;
    const now = middle();
    const box = element.getBoundingClientRect();
    handlers.drag({ across: (now.x - oldMiddle.x) / box.width, down: (now.y - oldMiddle.y) / box.height });
    const around = pointOf({ clientX: now.x, clientY: now.y });
    if (oldSpread > 0 && spread() > 0) handlers.zoom(spread() / oldSpread, around);
    else handlers.hover(around);
  });
  on('pointerup', (event) => {
    if (pressed.delete(event.pointerId) && travelled <= SLACK) handlers.choose(pointOf(event));
  });
  on('pointercancel', (event) => {
    pressed.delete(event.pointerId);
  });
  on('pointerleave', () => {
    handlers.hover(undefined);
  });
  on(
    'wheel',
    (event) => {
      if (!handlers.takesWheel(event)) return;
      event.preventDefault();
      handlers.zoom(Math.exp(-event.deltaY * WHEEL_STEP * (event.deltaMode === 1 ? 16 : 1)), pointOf(event));
    },
    { passive: false },
  );
  return () => {
    stop.abort();
  };
}
