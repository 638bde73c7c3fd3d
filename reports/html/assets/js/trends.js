// @ts-check
/** Walks through the runs of the charts over time: with the slider's keys, or with the pointer over a chart. */

/** Wires the slider to the charts; does nothing in a report without a history. */
export function trending() {
  const slider = /** @type {HTMLInputElement|null} */ (document.getElementById('trend-run'));
  if (!slider) return;
  const rows = /** @type {HTMLTableRowElement[]} */ ([...document.querySelectorAll('#trend-figures tbody tr')]);
  const cell = (/** @type {HTMLTableRowElement} */ row, /** @type {string} */ name) => row.querySelector(`[data-col="${name}"]`)?.textContent ?? '';
  const show = () => {
    const row = rows[Number(slider.value)];
    for (const line of document.querySelectorAll('.trend .cursor')) line.setAttribute('d', `M${row.dataset.x} 8V92`);
    for (const figure of document.querySelectorAll('[data-now]')) figure.textContent = cell(row, figure.getAttribute('data-now') ?? '');
    const when = `${row === rows[rows.length - 1] ? 'This run' : `Run ${row.cells[0].textContent}`}, ${cell(row, 'began')}`;
    /** @type {HTMLElement} */ (document.getElementById('trend-said')).textContent = when;
    slider.setAttribute('aria-valuetext', `${when}: score ${cell(row, 'score-main')}, ${cell(row, 'causes-main')} open causes, ${cell(row, 'causes-grave')} critical and high, coverage ${cell(row, 'coverage-main')}`);
  };
  slider.addEventListener('input', show);
  for (const chart of document.querySelectorAll('.trend')) {
    chart.addEventListener('pointermove', (event) => {
      const box = chart.getBoundingClientRect();
      const far = rows.map((row) => Math.abs(Number(row.dataset.x) - (360 * (/** @type {PointerEvent} */ (event).clientX - box.left)) / box.width));
      slider.value = String(far.indexOf(Math.min(...far)));
      show();
    });
  }
  show();
}
