/** What the book says by itself, by its languages. */
export const texts: Readonly<Record<'en' | 'zh', Record<string, string>>>;
