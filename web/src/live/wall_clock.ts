/**
 * The browser's own clock, which may be off, in milliseconds since the epoch. Only for what happens in this browser; what the server
 * tells has its age by the server's clock (`now` in clock.svelte.ts). The linter keeps `Date.now` out of all other files.
 */
export const wallClock = (): number => Date.now();
