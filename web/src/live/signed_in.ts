/**
 * Whether somebody is signed in, as the server told this browser with the page. A page that asked the server instead would leave an
 * error in the browser's console on each visit. If it is wrong, the answers say so.
 */
export const isSignedIn = (): boolean =>
  typeof document === 'undefined' || /(^|; )control_center_signed_in/.test(document.cookie);
