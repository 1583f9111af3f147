/** The built-in texts of graph drawings. Runs in Node and in browsers. */

export type GraphLanguage = 'en' | 'zh';

const en = {
  operations: (n: number) => `${n.toLocaleString('en')} operation${n === 1 ? '' : 's'}`,
  scope: (operations: string) => `scope, ${operations}`,
  more: (n: number) => `and ${n} more`,
  graph: (operations: string) => `Graph of ${operations}.`,
  part: (label: string, names: string) => `${label}: ${names}.`,
  list: (names: readonly string[], more: number) => [...names, ...(more > 0 ? [`${more} more`] : [])].join(', '),
  between: ' ',
  parts: { model: 'Model', training: 'Training', auxiliary: 'Auxiliary' },
  details: {
    types: 'Types',
    inputs: 'Inputs',
    waits: 'Waits for',
    outputs: 'Outputs',
    usedBy: 'Used by',
    attributes: 'Attributes',
    drawnWith: 'Drawn with it',
    device: 'Device',
    builtAt: 'Built at',
  },
  note: (shown: string, all: string) =>
    `The first ${shown} of ${all}. Draw a part with graphView(graph, { scope: '…' }).`,
  hint: 'Click a node to open it and to light its path. Drag to move, Ctrl and the wheel to zoom, arrow keys from node to node.',
  tooMany: (most: number) => `More than ${most} nodes would be seen: close other scopes to open this one.`,
  zoomIn: 'Zoom in',
  zoomOut: 'Zoom out',
  start: ['Start', 'Show where the graph starts, at reading size'],
  closeAll: ['Close all', 'Close all scopes'],
  about: 'About the selected node',
  overview: 'Overview of the graph: arrow keys move the view',
  search: 'Search operations',
  searching: 'Search operations by name or type; Enter goes to the next one',
  found: (at: number, of: number, name: string) => `${at} of ${of}: ${name}`,
  nothing: 'nothing has that name or type',
};

export type GraphWords = typeof en;

const zh: GraphWords = {
  operations: (n) => `${n.toLocaleString('en')} 个操作`,
  scope: (operations) => `作用域，${operations}`,
  more: (n) => `还有 ${n} 个`,
  graph: (operations) => `计算图，${operations}。`,
  part: (label, names) => `${label}：${names}。`,
  list: (names, more) => [...names, ...(more > 0 ? [`还有 ${more} 个`] : [])].join('、'),
  between: '',
  parts: { model: '模型', training: '训练', auxiliary: '辅助' },
  details: {
    types: '类型',
    inputs: '输入',
    waits: '等待',
    outputs: '输出',
    usedBy: '被谁使用',
    attributes: '属性',
    drawnWith: '和它画在一起的',
    device: '设备',
    builtAt: '在哪里构造',
  },
  note: (shown, all) => `${all} 个里的前 ${shown}。用 graphView(graph, { scope: '…' }) 可以只画一部分。`,
  hint: '点击一个节点可以展开它，并点亮它的路径。拖动可以移动，按住 Ctrl 滚动滚轮可以缩放，方向键在节点之间移动。',
  tooMany: (most) => `会显示超过 ${most} 个节点：请先关闭别的作用域，再打开这一个。`,
  zoomIn: '放大',
  zoomOut: '缩小',
  start: ['开头', '以便于阅读的大小显示图开始的地方'],
  closeAll: ['全部收起', '收起所有作用域'],
  about: '关于选中的节点',
  overview: '图的概览：方向键移动视野',
  search: '搜索操作',
  searching: '按名称或类型搜索操作；回车键到下一个',
  found: (at, of, name) => `第 ${at} 个，共 ${of} 个：${name}`,
  nothing: '没有这个名称或类型',
};

export const graphWords: Readonly<Record<GraphLanguage, GraphWords>> = { en, zh };
