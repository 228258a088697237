/** What the page is called: in the head, in the window's title and to screen readers on arrival. */
export interface Heading {
  title: string;
  /** The parents of the page, as links. */
  trail?: readonly { label: string; href: string }[];
}

class CurrentHeading {
  value = $state.raw<Heading>({ title: '' });
}

export const heading = new CurrentHeading();

/** To be called once by each page, with what may change. */
export function useHeading(read: () => Heading): void {
  $effect.pre(() => {
    heading.value = read();
  });
}
