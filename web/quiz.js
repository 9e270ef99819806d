/**
 * A question before the answer: a fieldset with radio buttons, `data-right` naming the value that is right, and one
 * paragraph for the answer, which is empty until something is chosen. It is a live region, and those speak of what
 * comes into them. What was chosen is not kept: a link shows figures, not marks.
 *
 * @param {HTMLElement} fieldset
 */
export function quiz(fieldset) {
  const answer = /** @type {HTMLElement} */ (fieldset.querySelector('.answer'));
  const text = [...answer.childNodes];
  const verdict = document.createElement('b');
  answer.replaceChildren();
  fieldset.addEventListener('change', ({ target }) => {
    const { value } = /** @type {HTMLInputElement} */ (target);
    verdict.textContent = value === fieldset.dataset.right ? 'Yes.' : 'No.';
    answer.replaceChildren(verdict, ' ', ...text);
  });
}
