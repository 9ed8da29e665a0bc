// What the search box of the topic list means: every word must occur in the name, `*` stands for anything.

export function matchesSearch(name: string, search: string): boolean {
  const lower = name.toLowerCase();
  const words = search
    .toLowerCase()
    .split(/\s+/)
    .filter(word => word !== '');
  return words.every(word => (word.includes('*') ? patternOf(word).test(lower) : lower.includes(word)));
}

function patternOf(word: string): RegExp {
  const parts = word.split('*').map(part => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`);
}
