/** The chapters in reading order. Each is chapters/<id>.html (its text) and chapters/<id>.js (what moves in it). */
export const CHAPTERS = [
  { id: 'scores', title: 'From scores to probabilities' },
  { id: 'temperature', title: 'Temperature' },
  { id: 'draw', title: 'Drawing a token' },
];
