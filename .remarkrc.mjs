// @ts-check
// `npm run check:docs`: links between documents lead to files and headings that exist, and prose fits in 120 columns.
import remarkFrontmatter from 'remark-frontmatter';
import remarkGfm from 'remark-gfm';
import remarkLintMaximumLineLength from 'remark-lint-maximum-line-length';
import remarkValidateLinks from 'remark-validate-links';

export default {
  plugins: [
    remarkFrontmatter,
    remarkGfm,
    [remarkLintMaximumLineLength, 120],
    // Links are between files of this checkout, whatever host it was cloned from.
    [remarkValidateLinks, { repository: false }],
  ],
};
