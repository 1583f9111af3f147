/** The book's own texts in each of its languages. */

/** @typedef {'en' | 'zh'} Language */

export const texts = {
  en: {
    name: 'English',
    title: 'TensorFlow’s graph mechanics in TypeScript',
    lead: 'The notebooks of tf-mechanics, to read. Cells are shown with what they gave when they were last run; figures and graphs can be zoomed, opened and searched as in a notebook. To run and change them, and to do the exercises, open the notebooks: the command is `npm start` in the repository.',
    about: 'This book',
    contents: 'Contents',
    beside: 'Python beside TypeScript',
    reading: 'What to read next',
    reference: 'Reference',
    skip: 'Skip to the text',
    theme: 'Light or dark',
    previous: 'Previous',
    next: 'Next',
    exercise: 'Exercise',
    work: 'In the notebook, you work here:',
    check: 'and this cell checks it:',
    tensorboard: 'Here the notebook shows TensorBoard, as long as its kernel runs.',
  },
  zh: {
    name: '中文',
    title: '用 TypeScript 学 TensorFlow 的计算图机制',
    lead: '这是 tf-mechanics 各个笔记本的阅读版。单元格下面是它们最近一次运行的结果；图和曲线可以像在笔记本里一样缩放、展开和查看。要运行、修改代码或做练习，请打开笔记本：在仓库里运行 `npm start`。',
    about: '关于本书',
    contents: '目录',
    beside: 'Python 与 TypeScript 对照',
    reading: '接下来读什么',
    reference: 'API 参考（英文）',
    skip: '跳到正文',
    theme: '浅色或深色',
    previous: '上一页',
    next: '下一页',
    exercise: '练习',
    work: '在笔记本里，请在这里写代码：',
    check: '由这个单元格检查：',
    tensorboard: '在笔记本里，这里显示 TensorBoard（内核运行期间）。',
  },
};
