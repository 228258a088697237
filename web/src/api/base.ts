// A name of its own: the bundler would take it for the address of a file.
const here: string = import.meta.url;

/** The path under which a proxy shows all of it, "/fleet/" for example. The code stands in a folder below it. */
export const basePath: string = new URL(import.meta.env.PROD ? '..' : '/', here).pathname;

/** The address of one of our paths: "/sessions" is "/fleet/sessions" below "/fleet/". */
export const addressOf = (path: string, base = basePath): string => base + path.slice(1);

/** The path that an address means. One without the base is understood too, as by the server. */
export function pathOf(address: string, base = basePath): string {
  if (`${address}/` === base) return '/';
  return address.startsWith(base) ? address.slice(base.length - 1) : address;
}
