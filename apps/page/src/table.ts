import { html } from './dom.js';

/** A row of a table about both photographs. */
export interface Row {
  readonly title: string;
  /** For photograph 1 and photograph 2. */
  readonly cells: readonly (readonly (Node | string)[])[];
}

/** A table with a column for each photograph. @param caption for screen readers */
export function pairTable(caption: string, rows: readonly Row[]): HTMLElement {
  const columns = ['', 'Photograph 1', 'Photograph 2'].map((name) =>
    name === '' ? html('td') : html('th', { scope: 'col' }, name),
  );
  return html(
    'table',
    {},
    html('caption', { class: 'unseen' }, caption),
    html('thead', {}, html('tr', {}, ...columns)),
    html(
      'tbody',
      {},
      ...rows.map(({ title, cells }) =>
        html('tr', {}, html('th', { scope: 'row' }, title), ...cells.map((cell) => html('td', {}, ...cell))),
      ),
    ),
  );
}
