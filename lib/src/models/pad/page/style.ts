/** The style of a pad: light or dark like the page, and stacked if the page is narrow. */
export const style = `
.tf-mechanics-pad {
  --ink: var(--jp-ui-font-color1, var(--vscode-editor-foreground, CanvasText));
  --paper: var(--jp-layout-color1, var(--vscode-editor-background, Canvas));
  --line: var(--jp-border-color1, GrayText);
  --bar: var(--jp-brand-color1, #0072b2);
  box-sizing: border-box;
  max-width: 720px;
  padding: 4px 2px;
  color: var(--ink);
  font: var(--jp-ui-font-size1, 13px) var(--jp-ui-font-family, system-ui, sans-serif);
}
.tf-mechanics-pad * { box-sizing: border-box; }
.tf-mechanics-parts { display: flex; flex-wrap: wrap; gap: 12px 20px; align-items: flex-start; }
.tf-mechanics-drawing { flex: 0 1 280px; min-width: 200px; }
.tf-mechanics-paper {
  display: block;
  width: 100%;
  aspect-ratio: 1;
  border: 1px solid var(--line);
  border-radius: 4px;
  background: var(--paper);
  cursor: crosshair;
  touch-action: none;
  user-select: none;
}
.tf-mechanics-paper path { fill: none; stroke: var(--ink); stroke-linecap: round; stroke-linejoin: round; }
.tf-mechanics-paper .tf-mechanics-pen { display: none; stroke: var(--bar); stroke-width: 0.8; }
.tf-mechanics-paper:focus-visible:not([data-by=pointer]) .tf-mechanics-pen { display: inline; }
.tf-mechanics-paper[data-pen=down] .tf-mechanics-pen { stroke-width: 2; }
.tf-mechanics-pad .tf-mechanics-buttons { display: flex; gap: 8px; margin-top: 8px; }
.tf-mechanics-pad button {
  padding: 5px 14px;
  border: 1px solid var(--line);
  border-radius: 3px;
  background: var(--jp-layout-color2, ButtonFace);
  color: inherit;
  font: inherit;
  cursor: pointer;
}
.tf-mechanics-pad :focus-visible { outline: 2px solid var(--bar); outline-offset: 1px; }
.tf-mechanics-paper:focus:not(:focus-visible), .tf-mechanics-pad .tf-mechanics-paper[data-by=pointer]:focus { outline: none; }
.tf-mechanics-pad figure { margin: 0; }
.tf-mechanics-pad figcaption { padding: 4px 0; }
.tf-mechanics-ink { image-rendering: pixelated; }
.tf-mechanics-seen { flex: 0 0 auto; }
.tf-mechanics-seen canvas { display: block; width: 112px; height: 112px; border: 1px solid var(--line); }
.tf-mechanics-bars { flex: 1 1 180px; min-width: 160px; }
.tf-mechanics-bars > div { display: flex; gap: 8px; align-items: center; height: 22px; }
.tf-mechanics-bars b { flex: none; width: 1em; font-weight: 400; }
.tf-mechanics-bars i { flex: 1; height: 12px; background: var(--jp-layout-color2, color-mix(in srgb, CanvasText 10%, Canvas)); }
.tf-mechanics-bars i span { display: block; height: 100%; background: var(--bar); transform: scaleX(0); transform-origin: left; }
.tf-mechanics-percent { flex: none; width: 4.2em; text-align: right; font-variant-numeric: tabular-nums; }
.tf-mechanics-bars .tf-mechanics-best { font-weight: 700; }
.tf-mechanics-bars .tf-mechanics-best b { font-weight: 700; }
.tf-mechanics-pad [role=status] { min-height: 1.4em; margin: 8px 0; }
.tf-mechanics-layers canvas { display: block; width: 100%; max-width: 560px; }
.vscode-dark .tf-mechanics-ink, [data-jp-theme-light=false] .tf-mechanics-ink { filter: invert(1); }
@media (prefers-color-scheme: dark) { .tf-mechanics-page .tf-mechanics-ink { filter: invert(1); } }
`;
