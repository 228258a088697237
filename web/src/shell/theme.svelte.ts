export type ThemeChoice = 'system' | 'dark' | 'light';

const systemDark = matchMedia('(prefers-color-scheme: dark)');

/** Dark, light, or as the system has it. public/theme.js applies the same before the first paint. */
class Theme {
  choice = $state<ThemeChoice>(read());

  constructor() {
    systemDark.addEventListener('change', () => {
      this.#show();
    });
  }

  choose(choice: ThemeChoice): void {
    this.choice = choice;
    try {
      localStorage.setItem('theme', choice);
    } catch {
      // Storage is forbidden: the choice lasts until the page is left.
    }
    this.#show();
  }

  #show(): void {
    const dark = this.choice === 'dark' || (this.choice === 'system' && systemDark.matches);
    document.documentElement.dataset['theme'] = dark ? 'dark' : 'light';
  }
}

function read(): ThemeChoice {
  try {
    const stored = localStorage.getItem('theme');
    return stored === 'dark' || stored === 'light' ? stored : 'system';
  } catch {
    return 'system';
  }
}

export const theme = new Theme();
