/** The chapters in reading order. Each is chapters/<id>.html (its text) and chapters/<id>.js (what moves in it). */
export const CHAPTERS = [
  { id: 'scores', title: 'From scores to probabilities' },
  { id: 'exponential', title: 'Why not |x| or x²?' },
  { id: 'base', title: 'Why e?' },
  { id: 'temperature', title: 'Temperature' },
  { id: 'boltzmann', title: 'Temperature in physics' },
  { id: 'maxent', title: 'The least assuming answer' },
  { id: 'invariances', title: 'What softmax cannot see' },
  { id: 'loss', title: 'Loss and gradient' },
  { id: 'sparse', title: 'Answers with zeros' },
  { id: 'attention', title: 'Attention’s √d' },
  { id: 'truncation', title: 'Cutting the tail' },
  { id: 'order', title: 'One after the other' },
  { id: 'draw', title: 'Drawing a token' },
  { id: 'speculative', title: 'Guess, then check' },
  { id: 'speed', title: 'Speed on this device' },
];

/** Where an address can lead: chapters, and a place inside one. */
export const PLACES = [...CHAPTERS.map(({ id }) => id), 'filament'];
