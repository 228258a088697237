// The programs that a suite started: however it ends, none of them stays behind.
const children = new Set();
process.on('exit', () => { for (const child of children) child.kill('SIGKILL'); });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(1));

export function endsWithUs(child) {
  children.add(child);
  child.on('exit', () => children.delete(child));
  return child;
}
