/** The style of the frame around a graph, for light and dark pages. */
import { style as drawingStyle, liveStyle } from '../graph/style';

const frame = 'light-dark(#d5dae1,#3a424d)';

export const style = `${drawingStyle}${liveStyle}
.tf-mechanics-graph{color:light-dark(#1f2733,#e8ebf0);font:12px/1.45 system-ui,sans-serif;border:1px solid ${frame};border-radius:4px;background:light-dark(#fff,#111418)}
.tf-mechanics-graph *{box-sizing:border-box}
.tf-mechanics-graph .bar{display:flex;flex-wrap:wrap;gap:4px 6px;align-items:center;padding:6px;border-bottom:1px solid ${frame}}
.tf-mechanics-graph .search{display:flex;flex:1 1 260px;gap:8px;align-items:center;min-width:0}
.tf-mechanics-graph .search span{overflow-wrap:anywhere}
.tf-mechanics-graph input,.tf-mechanics-graph button{font:inherit;color:inherit;padding:2px 8px;border:1px solid light-dark(#767f8c,#828d9c);border-radius:4px;background:light-dark(#fff,#1b1f25)}
.tf-mechanics-graph input{flex:0 1 180px;min-width:90px}
.tf-mechanics-graph button{cursor:pointer}
.tf-mechanics-graph :focus-visible{outline:2px solid light-dark(#0b57d0,#8ab4f8);outline-offset:1px}
.tf-mechanics-graph{container-type:inline-size}
.tf-mechanics-graph .body{display:flex;overflow:hidden;resize:vertical;min-height:160px}
.tf-mechanics-graph .view{flex:1;min-width:0;position:relative;overflow:hidden;touch-action:pan-y;cursor:grab}
.tf-mechanics-graph .drawing{position:absolute;transform-origin:0 0;left:0;top:0}
.tf-mechanics-graph .drawing svg{display:block;max-width:none}
.tf-mechanics-graph .side{flex:none;display:flex;flex-direction:column;min-height:0;border-left:1px solid ${frame}}
.tf-mechanics-graph .overview{flex:none;width:150px;padding:6px;touch-action:none;cursor:crosshair}
.tf-mechanics-graph .overview svg{display:block;width:100%;max-height:320px;pointer-events:none;overflow:visible}
.tf-mechanics-graph .overview rect{vector-effect:non-scaling-stroke}
.tf-mechanics-graph .seen{fill:light-dark(#0b57d014,#8ab4f826);stroke:light-dark(#0b57d0,#8ab4f8);stroke-width:2px}
.tf-mechanics-graph .details{flex:1;overflow:auto;width:270px;padding:10px 12px;overflow-wrap:anywhere}
.tf-mechanics-graph .faint{color:light-dark(#535e6d,#a9b3c1)}
.tf-mechanics-graph a{color:light-dark(#2a65b8,#8ab4f8);cursor:pointer}
.tf-mechanics-graph .told{padding:3px 8px;border-top:1px solid ${frame}}
.tf-mechanics-graph [hidden]{display:none}
@container (max-width:680px){.tf-mechanics-graph .details{width:200px}.tf-mechanics-graph .overview{width:120px}}
`;
