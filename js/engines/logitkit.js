/** @type {() => import('./param.js').Description} */
export const logitkit = () => ({
  title: 'logitkit',
  preset: { order: 'logitkit' },
});
