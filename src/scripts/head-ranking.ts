import { shortNumber } from '../components/atlas/digits.ts';
import { decodeHeadColumns, type HeadColumns } from '../core/query/head-columns.ts';
import { rankColumn } from '../core/query/rank-column.ts';

/*
 * The ranking on a prompt's page: another metric or order than the page came with. Both stand in the address
 * (`?metric=NAME&order=ascending`); the values are fetched when first asked for.
 */
const root = document.querySelector<HTMLElement>('.ranking');
if (root !== null) start(root);

function start(section: HTMLElement): void {
  const metric = there(section.querySelector<HTMLSelectElement>('#ranking-metric'));
  const order = there(section.querySelector<HTMLSelectElement>('#ranking-order'));
  const list = there(section.querySelector<HTMLElement>('.rank-list'));
  const more = there(section.querySelector<HTMLButtonElement>('.more'));
  const fault = there(section.querySelector<HTMLElement>('.ranking-fault'));
  const step = Number(section.dataset.step);
  const example = there(list.querySelector<HTMLElement>('li')).cloneNode(true) as HTMLElement;
  let columns: Promise<HeadColumns> | undefined;
  let shown = step;

  const show = async () => {
    const wanted = metric.value;
    const isAscending = order.value === 'ascending';
    try {
      columns ??= fetchColumns(section.dataset.columns ?? '');
      const values = (await columns).metrics.get(wanted);
      if (metric.value !== wanted || (order.value === 'ascending') !== isAscending) return;
      const ranked = rankColumn(values ?? new Float32Array(), isAscending);
      // The heads in the order of the file: the patterns further down on the page.
      const heads = [...document.querySelectorAll<HTMLElement>('.plates li')];
      list.replaceChildren(
        ...ranked.slice(0, shown).flatMap((head, place) => {
          const of = heads[head];
          return of === undefined ? [] : [row(example, of, place + 1, values?.[head] ?? NaN)];
        }),
      );
      describe(section, metric, order, list.childElementCount, ranked.length);
      more.hidden = shown >= ranked.length;
      fault.hidden = true;
    } catch {
      columns = undefined;
      fault.textContent = 'The values of this prompt could not be fetched. Choose the metric again to retry.';
      fault.hidden = false;
    }
  };
  const follow = () => {
    const parameters = new URLSearchParams(location.search);
    for (const [name, select] of [
      ['metric', metric],
      ['order', order],
    ] as const) {
      if (select.options[select.selectedIndex]?.defaultSelected === true) parameters.delete(name);
      else parameters.set(name, select.value);
    }
    const query = parameters.toString();
    history.replaceState(null, '', query === '' ? location.pathname : `?${query}`);
  };
  for (const select of [metric, order]) {
    select.addEventListener('change', () => {
      shown = step;
      follow();
      void show();
    });
  }
  more.addEventListener('click', () => {
    const before = shown;
    shown += 2 * step;
    void show().then(() => list.children[before]?.querySelector('a')?.focus());
  });

  const wanted = new URLSearchParams(location.search);
  const isChosen = [choose(metric, wanted.get('metric')), choose(order, wanted.get('order'))];
  if (isChosen.includes(true)) void show();
}

/** Selects `value` where it is offered and not yet selected. */
function choose(select: HTMLSelectElement, value: string | null): boolean {
  const option = [...select.options].find((known) => known.value === value);
  if (option === undefined || option.selected) return false;
  select.value = option.value;
  return true;
}

/** One line of the list, from another line and the head's own pattern on the page. */
function row(example: HTMLElement, head: HTMLElement, place: number, value: number): HTMLElement {
  const item = example.cloneNode(true) as HTMLElement;
  const model = head.closest('figure')?.querySelector('figcaption a')?.textContent.trim() ?? '';
  const name = head.querySelector('.caption')?.textContent.trim().replaceAll(/\s+/gu, ' ') ?? '';
  const picture = head.querySelector('.plate-frame');
  there(item.querySelector('.rank')).textContent = String(place);
  there(item.querySelector('.name')).textContent = `${model} ${name}`;
  there(item.querySelector('.value')).textContent = shortNumber(value);
  there(item.querySelector<HTMLAnchorElement>('a')).href = head.querySelector('a')?.href ?? '';
  if (picture !== null) item.querySelector('.plate-frame')?.replaceWith(picture.cloneNode(true));
  return item;
}

function describe(
  section: HTMLElement,
  metric: HTMLSelectElement,
  order: HTMLSelectElement,
  shown: number,
  all: number,
): void {
  const option = metric.options[metric.selectedIndex];
  const link = there(section.querySelector<HTMLAnchorElement>('.ranked-by'));
  link.textContent = option?.textContent.trim() ?? '';
  link.href = option?.dataset.page ?? '';
  there(section.querySelector('.ranked-order')).textContent =
    order.options[order.selectedIndex]?.textContent.trim() ?? '';
  there(section.querySelector('.ranked-count')).textContent =
    `${shown < all ? `${shown} of ${all}` : all} heads`;
}

async function fetchColumns(address: string): Promise<HeadColumns> {
  const response = await fetch(address);
  if (!response.ok) throw new RangeError(`${address} answers ${response.status}`);
  return decodeHeadColumns(new Uint8Array(await response.arrayBuffer()));
}

function there<E>(found: E | null): E {
  if (found === null) throw new Error('The ranking lacks a part');
  return found;
}
