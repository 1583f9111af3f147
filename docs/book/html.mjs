/** Escapes text for HTML. */

const entities = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** A text that HTML shows as it is. */
export const escapeHtml = (text) => text.replace(/[&<>"]/g, (character) => entities[character]);
