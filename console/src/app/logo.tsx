// The mark: a mill wheel over running water.

export function Logo() {
  return (
    <svg
      viewBox="0 0 32 32"
      width="26"
      height="26"
      aria-hidden="true"
      className="shrink-0"
      fill="none"
      strokeWidth="2.3"
      strokeLinecap="round"
    >
      <g stroke="#4cc2ff">
        <circle cx="16" cy="13" r="6.4" />
        <path d="M16 3.8v5.4M16 16.8v5.4M6.8 13h5.4M19.8 13h5.4M9.5 6.5l3.8 3.8M18.7 15.7l3.8 3.8M22.5 6.5l-3.8 3.8M13.3 15.7l-3.8 3.8" />
      </g>
      <path stroke="#a5e4ff" d="M3.5 27.2c2.1-1.9 4.1-1.9 6.2 0s4.1 1.9 6.3 0 4.1-1.9 6.2 0 4.2 1.9 6.3 0" />
    </svg>
  );
}
