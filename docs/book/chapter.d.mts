/** A notebook, as far as the book reads it. */
export interface Notebook {
  cells: {
    cell_type: string;
    source: string | string[];
    outputs?: { output_type: string; [property: string]: unknown }[];
  }[];
}

/** A notebook as a chapter: its title, the headings of its sections, and its HTML. */
export function chapterOf(
  notebook: Notebook,
  texts: Record<string, string>,
  link?: (href: string) => string | undefined,
): { title: string; sections: { id: string; html: string }[]; html: string };
