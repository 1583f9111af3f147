/** The page *Python beside TypeScript*: the lines of the articles and ours. `tests/articles` runs each pair. */
import { articles } from '../../scripts/articles.mjs';
import { codeBlock, markdown } from './markdown.mjs';
import { texts } from './texts.mjs';

const intro = {
  en: `Every line of code of three articles that many have learned TensorFlow 1 from, and the line that does the same here. The rule is
short: snake_case becomes camelCase, required arguments keep their places, keyword arguments go into one object at the end, a \`with\` block
becomes a function, and a feed dict is a list of pairs. A test runs both sides of every pair and compares what
comes out: values, shapes and names. For that, what TensorFlow 0.x alone had goes by what replaced it, and what no TensorFlow has any more
(\`input_data\`) has a stand-in. \`tf.app.run\` has none: the project kit's \`cli\` is in its place.

A plain number is a \`float32\` here, whole or not, where Python takes \`0\` for an \`int32\`.`,
  zh: `许多人通过三篇文章学会了 TensorFlow 1。这里列出其中的每一行代码，以及在 TypeScript 里做同样事情的那一行。规则很短：snake_case 变成 camelCase，
必需的参数位置不变，关键字参数放进末尾的一个对象，\`with\` 块变成函数，馈送字典（feed dict）是由“张量、值”对组成的列表。每一对都有测试：两边都运行，比较结果里的值、形状和名称。为此，只有 TensorFlow 0.x 才有的调用换成后来取代它的调用，现在已经没有的 \`input_data\` 用一个替身；\`tf.app.run\` 在这里由项目工具的 \`cli\` 代替。

这里一个普通的数总是 \`float32\`，不论是不是整数；Python 把 \`0\` 当作 \`int32\`。`,
};

/** The page in a language. */
export function besidePage(language) {
  const { render } = markdown();
  const sections = articles.map(({ title }) => ({ id: title.replaceAll(' ', '-'), html: title }));
  const tables = articles.map(({ title, lines }, i) => {
    const rows = lines.map(
      ({ python, typescript }) =>
        `<tr><td>${codeBlock(python, 'python')}</td><td>${codeBlock(typescript, 'typescript')}</td></tr>`,
    );
    return `<h2 id="${sections[i].id}">${title}</h2>
<table class="beside"><thead><tr><th>Python</th><th>TypeScript</th></tr></thead><tbody>${rows.join('\n')}</tbody></table>`;
  });
  const html = `<h1>${texts[language].beside}</h1>\n${render(intro[language])}\n${tables.join('\n')}`;
  return { file: 'python-beside-typescript.html', title: texts[language].beside, sections, html };
}
