export {};

/** The tools of `/heads/`: one model's heads, sorted by a metric; both stand in the address. */
const form = document.querySelector<HTMLFormElement>('.head-tools');
const model = document.querySelector<HTMLSelectElement>('#head-model');
const sort = document.querySelector<HTMLSelectElement>('#head-sort');
const output = document.querySelector<HTMLOutputElement>('.head-tools output');
const body = document.querySelector<HTMLTableSectionElement>('.head-table tbody');

function meanOf(row: HTMLTableRowElement, metric: string): number {
  const cell = [...row.cells].find(({ dataset }) => dataset.metric === metric);
  return Number(cell?.dataset.mean ?? -1);
}

function update(): void {
  if (model === null || sort === null || body === null || output === null) return;
  const rows = [...body.rows].sort((a, b) => meanOf(b, sort.value) - meanOf(a, sort.value));
  for (const row of rows) row.hidden = model.value !== '' && row.dataset.model !== model.value;
  body.append(...rows);
  output.textContent = `${String(rows.filter((row) => !row.hidden).length)} heads`;
}

if (form !== null && model !== null && sort !== null) {
  const state = new URLSearchParams(location.search);
  const restore = (select: HTMLSelectElement, value: string | null) => {
    if ([...select.options].some((option) => option.value === value)) select.value = value ?? '';
  };
  restore(model, state.get('model'));
  restore(sort, state.get('sort'));
  form.hidden = false;
  form.addEventListener('change', () => {
    history.replaceState(
      null,
      '',
      `?${new URLSearchParams({ model: model.value, sort: sort.value }).toString()}`,
    );
    update();
  });
  update();
}
