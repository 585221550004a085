/*
 * The tools of `/heads/`: the heads of one model, sorted by a metric, from a least mean on. All three stand in the
 * address (`?model=ID&sort=METRIC&least=0.2`).
 */
const form = document.querySelector<HTMLFormElement>('.head-tools');
const model = document.querySelector<HTMLSelectElement>('#head-model');
const sort = document.querySelector<HTMLSelectElement>('#head-sort');
const least = document.querySelector<HTMLInputElement>('#head-least');
const output = document.querySelector<HTMLOutputElement>('.head-tools output');
const table = document.querySelector<HTMLTableElement>('.head-table');

if (form !== null && model !== null && sort !== null && least !== null && output !== null && table !== null) {
  start({ form, model, sort, least, output, table });
}

interface Tools {
  readonly form: HTMLFormElement;
  readonly model: HTMLSelectElement;
  readonly sort: HTMLSelectElement;
  readonly least: HTMLInputElement;
  readonly output: HTMLOutputElement;
  readonly table: HTMLTableElement;
}

function start(tools: Tools): void {
  const wanted = new URLSearchParams(location.search);
  restore(tools.model, wanted.get('model'));
  restore(tools.sort, wanted.get('sort'));
  tools.least.value = wanted.get('least') ?? '';
  tools.form.addEventListener('submit', (event) => {
    event.preventDefault();
  });
  tools.form.addEventListener('input', () => {
    writeAddress(tools);
    update(tools);
  });
  update(tools);
}

/** Chooses `value` if there is such an option. */
function restore(select: HTMLSelectElement, value: string | null): void {
  if ([...select.options].some((option) => option.value === value)) select.value = value ?? '';
}

function update({ model, sort, least, output, table }: Tools): void {
  const bound = boundOf(least);
  const rows = [...(table.tBodies[0]?.rows ?? [])].map((row) => ({ row, mean: meanOf(row, sort.value) }));
  rows.sort((a, b) => b.mean - a.mean);
  for (const { row, mean } of rows) {
    row.hidden = (model.value !== '' && row.dataset.model !== model.value) || mean < bound;
  }
  table.tBodies[0]?.append(...rows.map(({ row }) => row));
  for (const heading of table.tHead?.rows[0]?.cells ?? []) {
    if (heading.dataset.column === sort.value) heading.setAttribute('aria-sort', 'descending');
    else heading.removeAttribute('aria-sort');
  }
  const shown = rows.filter(({ row }) => !row.hidden).length;
  output.textContent = `${shown === 0 ? 'No heads' : `${String(shown)} ${shown === 1 ? 'head' : 'heads'}`} of ${String(rows.length)}`;
}

/** The least mean asked for; -Infinity where the field is empty or holds no number, which it then says. */
function boundOf(field: HTMLInputElement): number {
  const text = field.value.trim().replace(',', '.');
  const bound = Number(text);
  const isNumber = text === '' || Number.isFinite(bound);
  field.setAttribute('aria-invalid', String(!isNumber));
  return text === '' || !isNumber ? -Infinity : bound;
}

/** -Infinity where the metric is not defined for the head, so that it comes last. */
function meanOf(row: HTMLTableRowElement, metric: string): number {
  const mean = [...row.cells].find(({ dataset }) => dataset.metric === metric)?.dataset.mean;
  return mean === undefined ? -Infinity : Number(mean);
}

function writeAddress({ model, sort, least }: Tools): void {
  const parameters = new URLSearchParams();
  if (model.value !== '') parameters.set('model', model.value);
  if (!sort.options[sort.selectedIndex]?.defaultSelected) parameters.set('sort', sort.value);
  if (least.value.trim() !== '') parameters.set('least', least.value.trim());
  const query = parameters.toString();
  history.replaceState(null, '', query === '' ? location.pathname : `?${query}`);
}
