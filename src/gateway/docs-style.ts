// The style sheet of the pages the gateway writes itself: the API's description, the index, the notice of a missing console.

export const DOCS_STYLE = `:root { color-scheme: light dark; --line: color-mix(in srgb, currentColor 15%, transparent); }
body { font: 15px/1.55 system-ui, sans-serif; margin: 0 auto; max-width: 60rem; padding: 2rem 1rem 4rem; }
h1 small { font-weight: normal; opacity: 0.6; }
h2 { margin: 2.5rem 0 0.25rem; text-transform: capitalize; }
h3 { font-size: 0.9rem; margin: 1rem 0 0.25rem; }
h4 { font-size: 0.85rem; font-weight: 600; margin: 0.75rem 0 0.25rem; opacity: 0.7; }
details { border: 1px solid var(--line); border-radius: 8px; margin: 0.5rem 0; padding: 0.5rem 0.75rem; }
summary { cursor: pointer; }
summary span { opacity: 0.7; }
summary b { display: inline-block; font: 600 0.8rem ui-monospace, monospace; min-width: 4.5rem; }
b.get { color: light-dark(#0b6bcb, #6cb6ff); }
b.post { color: light-dark(#1a7f37, #57d07a); }
b.patch { color: light-dark(#9a6700, #e0b341); }
b.delete { color: light-dark(#cf222e, #ff7b72); }
code, pre { font: 0.85rem/1.5 ui-monospace, monospace; }
pre { background: color-mix(in srgb, currentColor 6%, transparent); border-radius: 6px; overflow-x: auto; padding: 0.75rem; }
li { margin: 0.2rem 0; }
`;
