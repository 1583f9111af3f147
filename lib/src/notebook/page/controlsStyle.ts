/** The style of controls: light or dark like the page, and narrow if necessary. */
export const style = `
.tf-mechanics-controls {
  display: flex;
  flex-direction: column;
  gap: 8px;
  box-sizing: border-box;
  max-width: 560px;
  padding: 4px 2px;
  color: var(--jp-ui-font-color1, CanvasText);
  font: var(--jp-ui-font-size1, 13px) var(--jp-ui-font-family, system-ui, sans-serif);
}
.tf-mechanics-row, .tf-mechanics-controls .tf-mechanics-buttons { display: flex; flex-wrap: wrap; gap: 4px 10px; align-items: center; }
.tf-mechanics-row > label { flex: 0 0 min(9em, 100%); overflow-wrap: anywhere; }
.tf-mechanics-row > div { display: flex; flex: 1 1 12em; gap: 10px; align-items: center; min-width: 0; }
.tf-mechanics-controls input, .tf-mechanics-controls select, .tf-mechanics-controls button {
  font: inherit;
  color: inherit;
  accent-color: var(--jp-brand-color1, #0072b2);
}
.tf-mechanics-controls input[type=range] { flex: 1; min-width: 0; margin: 0; }
.tf-mechanics-controls input[type=checkbox] { width: 16px; height: 16px; margin: 0; }
.tf-mechanics-controls input[type=number], .tf-mechanics-controls input[type=text], .tf-mechanics-controls select {
  box-sizing: border-box;
  min-width: 0;
  padding: 3px 6px;
  border: 1px solid var(--jp-border-color1, GrayText);
  border-radius: 3px;
  background: var(--jp-layout-color1, Canvas);
}
.tf-mechanics-controls input[type=number] { width: 6.5em; font-variant-numeric: tabular-nums; }
.tf-mechanics-controls input[type=text] { flex: 1; }
.tf-mechanics-controls button {
  padding: 5px 14px;
  border: 1px solid var(--jp-border-color1, GrayText);
  border-radius: 3px;
  background: var(--jp-layout-color2, ButtonFace);
  cursor: pointer;
}
.tf-mechanics-controls button:hover { background: var(--jp-layout-color3, ButtonFace); }
.tf-mechanics-controls :focus-visible { outline: 2px solid var(--jp-brand-color1, Highlight); outline-offset: 1px; }
`;
